# What comprehensions are made of.
defmodule :rashomon_for do
  def reduce([], acc, _fun), do: acc
  def reduce([head | tail], acc, fun), do: reduce(tail, fun.(head, acc), fun)

  def reduce(%{__struct__: Range, first: first, last: last, step: step}, acc, fun) do
    if step > 0, do: up(first, last, step, acc, fun), else: down(first, last, step, acc, fun)
  end

  def reduce(map, acc, fun) when is_map(map) and not is_map_key(map, :__struct__) do
    reduce(:maps.to_list(map), acc, fun)
  end

  def reduce(enumerable, acc, fun), do: Enum.reduce(enumerable, acc, fun)

  defp up(first, last, _step, acc, _fun) when first > last, do: acc
  defp up(first, last, step, acc, fun), do: up(first + step, last, step, fun.(first, acc), fun)

  defp down(first, last, _step, acc, _fun) when first < last, do: acc
  defp down(first, last, step, acc, fun), do: down(first + step, last, step, fun.(first, acc), fun)

  def bits(<<>>, acc, _fun), do: acc

  def bits(bits, acc, fun) do
    case fun.(bits, acc) do
      :done -> acc
      [rest | acc] -> bits(rest, acc, fun)
    end
  end

  def into(list, into) when is_map(into) and not is_map_key(into, :__struct__) do
    :maps.merge(into, :maps.from_list(list))
  end

  def into(list, into), do: Enum.into(list, into)

  def uniq(list), do: uniq(list, %{})

  defp uniq([], _seen), do: []
  defp uniq([head | tail], seen) when is_map_key(seen, head), do: uniq(tail, seen)
  defp uniq([head | tail], seen), do: [head | uniq(tail, :maps.put(head, true, seen))]
end
