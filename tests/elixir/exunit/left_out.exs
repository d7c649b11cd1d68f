ExUnit.start(seed: 0, exclude: [:slow, os: :win], include: [:fast])
defmodule TrTest do
  use ExUnit.Case
  @tag :slow
  test "slow" do
    assert false
  end
  @tag :slow
  @tag :fast
  test "slow but fast" do
    assert true
  end
  @tag :skip
  test "skipped" do
    assert false
  end
  @tag skip: "because"
  test "skipped for a reason" do
    assert false
  end
  test "fails" do
    assert 1 == 2
  end
  test "todo"
  describe "inner" do
    test "works", do: :ok
  end
end
defmodule AllOut do
  use ExUnit.Case
  @moduletag :slow
  test "a", do: :ok
  test "b", do: :ok
end
defmodule Inv do
  use ExUnit.Case
  setup_all do
    raise "x"
  end
  test "a", do: :ok
  @tag :slow
  test "b", do: :ok
end
