def foo, do: 1
