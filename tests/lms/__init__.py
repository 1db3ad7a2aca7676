"""A double of the LMSs, made from their public sources and not from what our own code expects.

`people` is a class of twenty and what each of them handed in; one module an LMS says what it would
let an instructor download of that class, and what the download tells; `downloads` lists them all;
`packing` writes one as a folder, a zip, a zip of zips. `rosters` and `sheets` write the files that
an LMS gives out and takes back, and the modules of `taking_back` read such a file by the LMS's own
rules.
"""
