defmodule T do
  def f(), do: super()
end
