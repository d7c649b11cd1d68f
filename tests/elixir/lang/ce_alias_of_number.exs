alias 1
