defmodule T do
  def f(a \\ 1), do: a
  def f(), do: 2
end
