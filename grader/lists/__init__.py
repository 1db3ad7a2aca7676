"""Lists of people as LMSs and registrars write them: text tables, headings, names."""
