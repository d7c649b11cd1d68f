defmodule A do
  defmacro m(x), do: x
end
defmodule T do
  def h, do: A.m(1)
end
IO.inspect T.h
