defmodule T do
  def f, do: & &2
end
