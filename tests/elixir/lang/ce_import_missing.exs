defmodule T do
  import Nope
end
