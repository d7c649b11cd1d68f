defmodule Bench do
  def run, do: fib(27)

  defp fib(n) when n < 2, do: n
  defp fib(n), do: fib(n - 1) + fib(n - 2)
end
