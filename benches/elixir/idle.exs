defmodule Bench do
  def crowd, do: Enum.each(1..100_000, fn _ -> spawn(&wait/0) end)

  def wait do
    receive do
      :stop -> :ok
    end
  end
end
