# The protocol behind Enum.into/2 and comprehensions with :into.

defprotocol Collectable do
  def into(collectable)
end

defimpl Collectable, for: List do
  def into(list) do
    collect = fn
      acc, {:cont, x} -> [x | acc]
      acc, :done -> list ++ :lists.reverse(acc)
      _acc, :halt -> :ok
    end

    {[], collect}
  end
end

defimpl Collectable, for: Map do
  def into(map) do
    collect = fn
      acc, {:cont, {key, value}} -> :maps.put(key, value, acc)
      acc, :done -> acc
      _acc, :halt -> :ok
    end

    {map, collect}
  end
end

defimpl Collectable, for: BitString do
  def into(binary) when is_binary(binary) do
    collect = fn
      acc, {:cont, x} when is_binary(x) and is_list(acc) -> [acc | x]
      acc, {:cont, x} when is_bitstring(x) and is_bitstring(acc) -> <<acc::bitstring, x::bitstring>>
      acc, {:cont, x} when is_bitstring(x) -> <<:erlang.iolist_to_binary(acc)::bitstring, x::bitstring>>
      acc, :done when is_bitstring(acc) -> acc
      acc, :done -> :erlang.iolist_to_binary(acc)
      _acc, :halt -> :ok
    end

    {[binary], collect}
  end

  def into(bitstring) do
    collect = fn
      acc, {:cont, x} when is_bitstring(x) -> <<acc::bitstring, x::bitstring>>
      acc, :done -> acc
      _acc, :halt -> :ok
    end

    {bitstring, collect}
  end
end
