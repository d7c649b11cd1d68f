defmodule TallyTest do
  use ExUnit.Case

  setup do
    %{tally: start_supervised!({Tally, 0})}
  end

  test "counts what many processes add", %{tally: tally} do
    1..10
    |> Enum.map(fn number -> Task.async(fn -> Tally.add(tally, number) end) end)
    |> Task.await_many()

    assert Tally.value(tally) == 55
  end

  test "tells whoever waits", %{tally: tally} do
    test = self()

    spawn(fn ->
      Tally.add(tally)
      send(test, :added)
    end)

    assert_receive :added
    assert Tally.value(tally) == 1
  end
end
