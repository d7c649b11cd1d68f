defmodule T do
  use Nope
end
