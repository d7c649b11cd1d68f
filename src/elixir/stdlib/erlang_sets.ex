# Erlang's sets, as maps (their second representation).

defmodule :sets do
  def new, do: %{}
  def new(_options), do: %{}
  def from_list(list), do: :maps.from_keys(list, [])
  def from_list(list, _options), do: :maps.from_keys(list, [])
  def is_set(set), do: is_map(set)
  def size(set), do: map_size(set)
  def is_empty(set), do: map_size(set) == 0
  def to_list(set), do: :maps.keys(set)
  def is_element(x, set), do: :maps.is_key(x, set)
  def add_element(x, set), do: :maps.put(x, [], set)
  def del_element(x, set), do: :maps.remove(x, set)
  def union(left, right), do: :maps.merge(left, right)
  def union([first | rest]), do: Enum.reduce(rest, first, &:maps.merge(&2, &1))
  def union([]), do: %{}
  def intersection(left, right), do: :maps.with(:maps.keys(left), right)
  def intersection([first | rest]), do: Enum.reduce(rest, first, &intersection(&2, &1))
  def is_disjoint(left, right), do: map_size(intersection(left, right)) == 0
  def subtract(left, right), do: :maps.without(:maps.keys(right), left)
  def is_subset(left, right), do: map_size(intersection(left, right)) == map_size(left)
  def fold(fun, acc, set), do: Enum.reduce(:maps.keys(set), acc, fun)
  def filter(fun, set), do: :maps.from_keys(Enum.filter(:maps.keys(set), fun), [])
end
