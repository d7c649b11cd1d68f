defprotocol P do
  def a(x)
end
defimpl P, for: Integer do
  def b(x), do: x
end
IO.inspect P.a(1)
