defmodule Bench do
  def run, do: %{} |> fill(100_000) |> total(100_000)

  defp fill(map, 0), do: map

  defp fill(map, left) do
    map |> Map.put(left, left) |> Map.update(rem(left, 1000), 1, &(&1 + 1)) |> fill(left - 1)
  end

  defp total(_map, 0), do: 0
  defp total(map, key), do: Map.fetch!(map, key) + total(map, key - 1)
end
