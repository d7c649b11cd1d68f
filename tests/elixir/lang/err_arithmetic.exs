x = "a"
x + 1
