# The protocol behind Enum and Stream, with the implementations for built-in terms and ranges.

defprotocol Enumerable do
  def reduce(enumerable, acc, fun)
  def count(enumerable)
  def member?(enumerable, element)
  def slice(enumerable)
end

defimpl Enumerable, for: List do
  def reduce(_list, {:halt, acc}, _fun), do: {:halted, acc}
  def reduce(list, {:suspend, acc}, fun), do: {:suspended, acc, &reduce(list, &1, fun)}
  def reduce([], {:cont, acc}, _fun), do: {:done, acc}
  def reduce([x | rest], {:cont, acc}, fun), do: reduce(rest, fun.(x, acc), fun)

  def count(list), do: {:ok, length(list)}

  def member?([], _element), do: {:ok, false}
  def member?(_list, _element), do: {:error, __MODULE__}

  def slice([]), do: {:ok, 0, fn _, _ -> [] end}
  def slice(_list), do: {:error, __MODULE__}
end

defimpl Enumerable, for: Map do
  def reduce(map, acc, fun), do: Enumerable.List.reduce(:maps.to_list(map), acc, fun)

  def count(map), do: {:ok, map_size(map)}

  def member?(map, {key, value}) do
    case map do
      %{^key => ^value} -> {:ok, true}
      _ -> {:ok, false}
    end
  end

  def member?(_map, _other), do: {:ok, false}

  def slice(map), do: {:ok, map_size(map), &:maps.to_list/1}
end

defimpl Enumerable, for: Function do
  def reduce(function, acc, fun) when is_function(function, 2), do: function.(acc, fun)
  def reduce(function, _acc, _fun), do: refuse(function)

  def count(function) when is_function(function, 2), do: {:error, __MODULE__}
  def count(function), do: refuse(function)

  def member?(function, _element) when is_function(function, 2), do: {:error, __MODULE__}
  def member?(function, _element), do: refuse(function)

  def slice(function) when is_function(function, 2), do: {:error, __MODULE__}
  def slice(function), do: refuse(function)

  defp refuse(function) do
    raise Protocol.UndefinedError,
      protocol: @protocol,
      value: function,
      description: "only anonymous functions of arity 2 are enumerable"
  end
end

defimpl Enumerable, for: Range do
  def reduce(first..last//step, acc, fun), do: walk(first, step, size(first, last, step), acc, fun)

  defp walk(_at, _step, _left, {:halt, acc}, _fun), do: {:halted, acc}
  defp walk(at, step, left, {:suspend, acc}, fun), do: {:suspended, acc, &walk(at, step, left, &1, fun)}
  defp walk(_at, _step, 0, {:cont, acc}, _fun), do: {:done, acc}

  defp walk(at, step, left, {:cont, acc}, fun), do: walk(at + step, step, left - 1, fun.(at, acc), fun)

  def count(first..last//step), do: {:ok, size(first, last, step)}

  def member?(first..last//step, element) when is_integer(element) do
    inside = if step > 0, do: first <= element and element <= last, else: last <= element and element <= first
    {:ok, inside and rem(element - first, step) == 0}
  end

  def member?(_range, _element), do: {:ok, false}

  def slice(first..last//step) do
    {:ok, size(first, last, step), fn start, amount -> numbers(first + start * step, step, amount) end}
  end

  defp numbers(_at, _step, 0), do: []
  defp numbers(at, step, left), do: [at | numbers(at + step, step, left - 1)]

  defp size(first, last, step) when step > 0 and first <= last, do: div(last - first, step) + 1
  defp size(first, last, step) when step < 0 and first >= last, do: div(last - first, step) + 1
  defp size(_first, _last, _step), do: 0
end
