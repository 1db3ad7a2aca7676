"""The public checks, one file per exercise; students have them too."""
