defmodule E do
  defexception [:a]
  def message(e), do: "multi\nline #{e.a}"
end
raise E, a: 1
