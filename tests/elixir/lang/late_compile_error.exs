IO.puts "hi"
defmodule M do
  def f, do: undefined_thing(1)
end
