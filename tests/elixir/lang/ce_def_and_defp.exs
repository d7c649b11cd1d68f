defmodule T do
  def f(a), do: a
  def g(a), do: a
  def f(a, b), do: a
  defp f(a), do: 2
end
