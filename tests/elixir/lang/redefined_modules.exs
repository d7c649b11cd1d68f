# A module of the program takes the place of one of the library that has the same name.
defmodule Stack do
  def new, do: []
end
IO.inspect Stack.new()
defmodule Registry do
  def hello, do: :mine
end
IO.inspect Registry.hello()
defmodule Task.Extra do
  def x, do: 1
end
IO.inspect Task.Extra.x()
defmodule Agent do
  def start, do: :agent
end
IO.inspect Agent.start()
IO.inspect Enum.map([1], & &1)
