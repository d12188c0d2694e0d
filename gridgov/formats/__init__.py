"""How the desk writes days and moments where no page says otherwise (FORMAT_MODULE_PATH): as its own pages do, in both
languages."""
