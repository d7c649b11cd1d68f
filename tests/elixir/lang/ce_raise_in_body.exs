defmodule T do
  raise "in body"
end
