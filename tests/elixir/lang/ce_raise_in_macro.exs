defmodule T do
  defmacro m, do: raise "in macro"
end
defmodule U do
  require T
  def f, do: T.m
end
