# Sets, as the keys of a map.

defmodule MapSet do
  defstruct map: %{}, version: 2

  def new, do: %MapSet{}
  def new(%MapSet{} = set), do: set
  def new(enumerable), do: %MapSet{map: from_keys(Enum.to_list(enumerable))}

  def new(enumerable, transform) when is_function(transform, 1),
    do: %MapSet{map: from_keys(Enum.map(enumerable, transform))}

  defp from_keys(elements), do: :maps.from_keys(elements, [])

  def size(%MapSet{map: map}), do: map_size(map)
  def member?(%MapSet{map: map}, element), do: :maps.is_key(element, map)
  def to_list(%MapSet{map: map}), do: :maps.keys(map)

  def put(%MapSet{map: map} = set, element), do: %{set | map: :maps.put(element, [], map)}
  def delete(%MapSet{map: map} = set, element), do: %{set | map: :maps.remove(element, map)}

  def union(%MapSet{map: left} = set, %MapSet{map: right}), do: %{set | map: :maps.merge(left, right)}

  def intersection(%MapSet{map: left} = set, %MapSet{map: right}) do
    {small, large} = if map_size(left) <= map_size(right), do: {left, right}, else: {right, left}
    %{set | map: :maps.with(:maps.keys(small), large)}
  end

  def difference(%MapSet{map: left} = set, %MapSet{map: right}), do: %{set | map: without(left, right)}

  def symmetric_difference(%MapSet{map: left} = set, %MapSet{map: right}) do
    %{set | map: :maps.merge(without(left, right), without(right, left))}
  end

  # Goes through the smaller of both.
  defp without(left, right) when map_size(right) <= map_size(left), do: :maps.without(:maps.keys(right), left)
  defp without(left, right), do: from_keys(for(x <- :maps.keys(left), not :maps.is_key(x, right), do: x))

  def disjoint?(%MapSet{map: left}, %MapSet{map: right}) do
    {small, large} = if map_size(left) <= map_size(right), do: {left, right}, else: {right, left}
    none_in?(:maps.keys(small), large)
  end

  defp none_in?([x | rest], map), do: if(:maps.is_key(x, map), do: false, else: none_in?(rest, map))
  defp none_in?([], _map), do: true

  def subset?(%MapSet{map: left}, %MapSet{map: right}) do
    map_size(left) <= map_size(right) and all_in?(:maps.keys(left), right)
  end

  defp all_in?([x | rest], map), do: if(:maps.is_key(x, map), do: all_in?(rest, map), else: false)
  defp all_in?([], _map), do: true

  def equal?(%MapSet{map: left}, %MapSet{map: right}), do: left === right

  def filter(%MapSet{map: map} = set, fun) when is_function(fun),
    do: %{set | map: from_keys(Enum.filter(:maps.keys(map), fun))}

  def reject(%MapSet{map: map} = set, fun) when is_function(fun),
    do: %{set | map: from_keys(Enum.reject(:maps.keys(map), fun))}

  defimpl Enumerable do
    def count(%{map: map}), do: {:ok, map_size(map)}
    def member?(%{map: map}, element), do: {:ok, :maps.is_key(element, map)}
    def slice(%{map: map}), do: {:ok, map_size(map), fn set -> :maps.keys(set.map) end}
    def reduce(%{map: map}, acc, fun), do: Enumerable.List.reduce(:maps.keys(map), acc, fun)
  end

  defimpl Collectable do
    def into(%{map: map} = set) do
      collect = fn
        map, {:cont, x} -> :maps.put(x, [], map)
        map, :done -> %{set | map: map}
        _map, :halt -> :ok
      end

      {map, collect}
    end
  end
end
