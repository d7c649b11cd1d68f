ExUnit.start(seed: 0)

defmodule CalcTest do
  use ExUnit.Case
  doctest Calc
  doctest Fine, except: [two: 0]
end

defmodule JoinTest do
  use ExUnit.Case
  doctest Join
end

defmodule MoreTest do
  use ExUnit.Case
  doctest More

  describe "in a description" do
    doctest Fine, only: [one: 0]
  end

  test "plain" do
    :ok
  end
end

defmodule ImpTest do
  use ExUnit.Case
  doctest Imp, import: true, tags: [slow: true]
end
