defmodule Deep do
  def a(x), do: b(x) + 1
  def b(x), do: c(x) + 1
  def c(x) when x > 5, do: x
end
Deep.a(1)
