"""Files that LMSs and other programs take, made from `results.json`: a module for each format."""
