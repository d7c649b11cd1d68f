defmodule T do
  def f(1 + x), do: x
end
