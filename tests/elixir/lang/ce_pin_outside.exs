defmodule T do
  def f(x), do: ^x
end
