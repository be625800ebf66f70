"""Reading of languages that are written without spaces: lexicons matched sign by sign, roles by what stands after a name."""
