# Ranges: first..last//step.

defmodule Range do
  @enforce_keys [:first, :last, :step]
  defstruct first: nil, last: nil, step: nil

  def new(first, last) when is_integer(first) and is_integer(last) do
    %{__struct__: Range, first: first, last: last, step: if(first <= last, do: 1, else: -1)}
  end

  def new(first, last) do
    raise ArgumentError,
          "ranges (first..last) expect both sides to be integers, got: #{inspect(first)}..#{inspect(last)}"
  end

  def new(first, last, step) when is_integer(first) and is_integer(last) and is_integer(step) and step != 0 do
    %{__struct__: Range, first: first, last: last, step: step}
  end

  def new(first, last, step) do
    raise ArgumentError,
          "ranges (first..last//step) expect both sides to be integers and the step to be a " <>
            "non-zero integer, got: #{inspect(first)}..#{inspect(last)}//#{inspect(step)}"
  end

  def size(first..last//step) when step > 0 and first <= last, do: div(last - first, step) + 1
  def size(first..last//step) when step < 0 and first >= last, do: div(last - first, step) + 1
  def size(_first.._last//_step), do: 0

  def shift(first..last//step, steps) when is_integer(steps) do
    %{__struct__: Range, first: first + steps * step, last: last + steps * step, step: step}
  end

  def disjoint?(_.._//_ = left, _.._//_ = right) do
    case {ascending(left), ascending(right)} do
      {nil, _} ->
        true

      {_, nil} ->
        true

      {{_, last, _}, {first, _, _}} when last < first ->
        true

      {{first, _, _}, {_, last, _}} when last < first ->
        true

      {{first, last, step}, {other_first, other_last, other_step}} ->
        not common?(first, last, step, other_first, other_last, other_step)
    end
  end

  # First, last element and step of the same numbers in ascending order.
  defp ascending(first.._last//step = range) do
    case size(range) do
      0 -> nil
      n when step > 0 -> {first, first + (n - 1) * step, step}
      n -> {first + (n - 1) * step, first, -step}
    end
  end

  # Is there an element of both? Solves first + i * step = other_first + j * other_step.
  defp common?(first, last, step, other_first, other_last, other_step) do
    {gcd, i, _} = Integer.extended_gcd(step, other_step)
    distance = other_first - first

    if rem(distance, gcd) == 0 do
      lcm = div(step * other_step, gcd)
      meeting = first + step * i * div(distance, gcd)
      low = max(first, other_first)
      Integer.mod(meeting - low, lcm) + low <= min(last, other_last)
    else
      false
    end
  end

  def range?(first..last//step)
      when is_integer(first) and is_integer(last) and is_integer(step) and step != 0,
      do: true

  def range?(_other), do: false
end
