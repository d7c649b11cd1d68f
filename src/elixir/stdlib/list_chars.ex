# Terms as charlists: what `to_charlist/1` asks.
defprotocol List.Chars do
  def to_charlist(term)
end

defimpl List.Chars, for: Atom do
  def to_charlist(nil), do: ''
  def to_charlist(atom), do: Atom.to_charlist(atom)
end

defimpl List.Chars, for: BitString do
  def to_charlist(term) when is_binary(term), do: String.to_charlist(term)

  def to_charlist(term) do
    raise Protocol.UndefinedError,
      protocol: @protocol,
      value: term,
      description: "cannot convert a bitstring to a charlist"
  end
end

defimpl List.Chars, for: List do
  def to_charlist(list), do: list
end

defimpl List.Chars, for: Integer do
  def to_charlist(integer), do: :erlang.integer_to_list(integer)
end

defimpl List.Chars, for: Float do
  def to_charlist(float), do: Float.to_charlist(float)
end
