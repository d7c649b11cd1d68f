defmodule lower do
end
