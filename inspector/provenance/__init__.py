"""Where a picture came from: reading what files carry and writing the standard fields."""
