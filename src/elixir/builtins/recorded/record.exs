# Asks Erlang and Elixir what the built-ins answer: `elixir record.exs` writes the files beside it. With ALL=1 in the
# environment it asks much more than is kept here.

defmodule Recorder do
  import Inspect.Algebra, except: [format: 2]

  def call(module, name, args, run) do
    {result, message} =
      try do
        {show(run.()), ""}
      catch
        class, reason -> {"** #{class} #{show(reason)}", message(reason, __STACKTRACE__)}
      end

    text = "#{module} #{name}(" <> String.slice(Enum.map_join(args, ", ", &show/1), 0, 200) <> ")"
    "#{text}\t#{result}\t#{Base.encode64(:erlang.term_to_binary(args))}\t#{message}\n"
  end

  # What Elixir tells of an argument error beyond "argument error".
  defp message(:badarg, stacktrace), do: show(Exception.message(Exception.normalize(:error, :badarg, stacktrace)))
  defp message(_, _), do: ""

  # Calls of a function with all combinations of these arguments; a sample of them, if they are many.
  def all(module, name, choices, most \\ 20) do
    calls = Enum.reduce(Enum.reverse(choices), [[]], fn choice, calls -> for(first <- choice, rest <- calls, do: [first | rest]) end)
    calls = if System.get_env("ALL"), do: calls, else: Enum.take_random(calls, most)
    for args <- calls, do: erlang(module, name, args)
  end

  def erlang(module, name, args), do: call(module, name, args, fn -> apply(module, name, args) end)

  def inspect(term, options) do
    call(:rashomon, :inspect, [term, options, %{}], fn -> {:ok, Kernel.inspect(term, options)} end)
  end

  defp show(term), do: Kernel.inspect(term, limit: :infinity, printable_limit: :infinity)

  def write(name, records) do
    records = records |> List.flatten() |> Enum.uniq()
    File.write!(Path.join(__DIR__, name <> ".tsv"), records)
  end

  # Random terms, the same in every run.
  def seed, do: :rand.seed(:exsss, {1, 2, 3})
  def pick(list), do: Enum.random(list)

  def term(0) do
    pick([0, 1, -1, 42, 255, 65, 97, 1.5, -0.0, 1.0e20, 9_007_199_254_740_993, 123_456_789_012_345_678_901] ++
      [:a, :b, nil, true, :ok, :"foo bar", Foo.Bar, :+, :A, "", "abc", "héllo wörld", "a\nb\"c", <<255, 1>>] ++
      [<<5::3>>, [], {}, 'abc', "日本語", &Enum.map/2, 1..3, 'a\n', -12_345_678, "longer text of some words"])
  end

  def term(depth) do
    case :rand.uniform(10) do
      n when n <= 2 -> term(0)
      n when n <= 4 -> many(depth)
      5 -> List.to_tuple(many(depth))
      6 -> Map.new(many(depth), &{term(0), &1})
      7 -> Enum.map(many(depth), &{pick([:a, :b, :"c d", :long_name, :é]), &1})
      8 -> Map.new(many(depth), &{pick([:a, :b, :"c d", :long_name, :é]), &1})
      9 -> %RuntimeError{message: term(depth - 1)}
      10 -> [term(depth - 1) | pick([[], :tail, term(0)])]
    end
  end

  def doc(0), do: pick(["", "a", "word", "longer", "éé", :doc_nil, :doc_line, string("éé"), {:doc_break, " ", :strict}])

  def doc(depth) do
    case :rand.uniform(12) do
      n when n <= 4 -> concat(for _ <- 1..:rand.uniform(6), do: doc(depth - :rand.uniform(depth)))
      5 -> nest(doc(depth - 1), pick([0, 1, 2, 4, :cursor, :reset]), pick([:always, :break]))
      6 -> {:doc_break, pick([" ", "", "--"]), pick([:strict, :flex])}
      n when n <= 9 -> group(doc(depth - 1), pick([:self, :self, :inherit]))
      10 -> pick([&force_unfit/1, &next_break_fits/1, &next_break_fits(&1, :disabled), &no_limit/1]).(doc(depth - 1))
      11 -> concat([collapse_lines(pick([1, 2])), line(), line(), doc(0), line(), line(), line()])
      12 -> fold_doc(for(_ <- 1..4, do: doc(depth - 1)), &pick([fn a, b -> glue(a, b) end, fn a, b -> flex_glue(a, b) end]).(&1, &2))
    end
  end

  def format(doc, width) do
    call(:rashomon, :format_doc, [doc, width, %{}], fn -> {:ok, IO.iodata_to_binary(Inspect.Algebra.format(doc, width))} end)
  end

  defp many(depth), do: for(_ <- 1..:rand.uniform(6), do: term(depth - :rand.uniform(depth)))
end

defmodule Order do
  defstruct [:zebra, :apple, :mango]
end

defmodule Nothing do
  defstruct []
end

Recorder.seed()
sample = fn list, count -> if System.get_env("ALL"), do: list, else: Enum.take_random(list, count) end

atoms =
  ~w(a A a? a! a!? a@b @ @a foo-bar 1a _ __x__ Elixir Elixir.Foo Elixir.Foo.Bar Elixir.foo Elixir. Elixir.Foo. Elixir.1
     Elixir.Elixir Elixir.ElixirX Elixir.Elixir.Foo Elixir.Élan Foo.Bar + - ! ^ not and or in when fn do end nil true false
     % %{} {} <<>> .. ..// ... . -> => <- :: \\ | || ||| & && &&& == === =~ != !== ~~~ ^^^ +++ --- ++ -- <> < > <= >= |>
     <<< >>> <<~ ~>> <~ ~> <~> <|> / * ** = ; : ~ ? [] [ ] { } << >> // @@ é ñandú ü日本 日本 ａ µ ª º ñ? a.b foo@host) ++
    ["", "a b", "(", ")", ",", "'", "\"", "#", "a\nb", "a\#{b", "a\u0080", "a\\b"]

atoms = Enum.map(atoms, &String.to_atom/1)

terms =
  [[1, [2, [3, [4, [5]]]]], [[1, 2, 3], [1, 2, 3], [4, 5, 6], 7, 8], [a: 1, b: 2, c: 3], [1, 2 | 3], {1, 2, [1, 2, 3]}] ++
    [<<1, 2, 3, 255>>, <<1, 2, 3::3>>, <<"abc", 3::3>>, 'abcdef', "abcdef", %{1 => 2, 3 => 4}, %{a: %{b: %{c: 1}}}] ++
    ["abc\nd\"e\#{f}\\ #x \a\b\d\e\f\r\t\v é \u200b", "\0", "\u0085", <<0x80, ?a, 0xFFFF::16>>, [7, 8, 9, 13, 27, 127]] ++
    [[0x1F600, 233, 10], 'ab\'c"\#{1}\n', [{:a, 1} | :b], [{:a, 1}, {:b, 2, 3}], [{Foo, 1}], %{:a => 2, Foo => 1}] ++
    [1..10, 1..10//2, 10..1, 10..1//1, %{__struct__: Range, first: 1, last: 2}] ++
    [%RuntimeError{message: "x"}, %{__struct__: RuntimeError, message: "x"}, %{__struct__: Nope, message: "x"}] ++
    [%{__struct__: nil, a: 1}, %{:__struct__ => 1, :b => 2}, struct(Order, zebra: 1, apple: 2, mango: [3]), struct(Nothing)] ++
    [Map.put(struct(Nothing), :x, 1), &Enum.map/2, &:erlang.+/2, Enum.to_list(1..60), Enum.to_list(200..260), self(), MapSet.new([97, {1, 'a'}, "b"]), MapSet.new(), MapSet.new(a: 1)] ++
    [%{__struct__: Range, first: :a, last: 2, step: 1}, :binary.copy("ab", 30), ["éééééééééé", "ééééé", "a"]] ++
    [[self(), :aaaaaaaaaaaa, :bbbbbbbbbbb], %{[1, 2, 3, 4] => [5, 6, 7, 8, 9, 10]}, {:ok, %{a: 1, b: "cccccccccccc"}}] ++
    [0xFF, -0xFF, [-255, 255, 0xFFFFFFFFFFFFFFFFFFF], <<0>>, "", <<0::1>>, [[[[[1]]]]], {{{{{1}}}}}]

options =
  [[], [limit: 0], [limit: 1], [limit: 2], [limit: 3], [limit: 5], [limit: :infinity], [printable_limit: 1]] ++
    [[printable_limit: 3], [printable_limit: :infinity], [binaries: :as_strings], [binaries: :as_binaries]] ++
    [[base: :hex], [base: :octal], [base: :binary], [charlists: :as_lists], [structs: false]] ++
    for(width <- [0, 1, 5, 10, 20, 40, 80], do: [pretty: true, width: width]) ++
    [[pretty: true, width: 10, limit: 2], [pretty: true, width: :infinity], [width: 1]]

floats =
  [0.0, -0.0, 1.0, 10.0, 100.0, 1000.0, 12_345.0, 1.0e5, 123_456.789, 1.0e15, 9_007_199_254_740_991.0] ++
    [9_007_199_254_740_992.0, 9_999_999_999_999_998.0, 1.0e16, 1.0e22, 0.1, 0.01, 0.001, 1.0e-4, 1.5e-3, 1.5e-4] ++
    [1.5e-5, 5.0e-324, 1.7976931348623157e308, 0.1 + 0.2, 1 / 3, 100 / 3, -2.5e-7, 4.35, 2.2250738585072014e-308]

Recorder.write("inspect", [
  for(atom <- atoms, term <- [atom, [{atom, 1}], %{atom => 1}, Function.capture(:m, atom, 1)], do: Recorder.inspect(term, [])),
  for(float <- floats, do: Recorder.inspect(float, [])),
  for(term <- terms, option <- sample.(options, 14), do: Recorder.inspect(term, option)),
  for(_ <- 1..150, width = :rand.uniform(60), do: Recorder.inspect(Recorder.term(4), pretty: true, width: width)),
  for(_ <- 1..50, limit = :rand.uniform(9), do: Recorder.inspect(Recorder.term(4), limit: limit, pretty: true))
])

Recorder.write("docs", [
  for(_ <- 1..250, do: Recorder.format(Recorder.doc(4), Enum.random([0, 4, 10, 20, 30, :infinity])))
])

float_options =
  [[:short], [:compact], [:compact, :short], [scientific: -1], [scientific: 0], [scientific: 3], [scientific: 249]] ++
    [[scientific: 250], [:foo], :a, [:short | :a], [decimals: :a], [decimals: -1], [decimals: 254], [compact: true]] ++
    for(n <- [0, 1, 2, 4, 10, 17, 18, 19, 30, 253], do: [decimals: n]) ++
    for(n <- [0, 1, 2, 10, 20], do: [:compact, {:decimals, n}])

rounded =
  [0.15, 0.285, 1.115, 9.995, 0.45, 1.0e-5, 123_456.785, 2.675, 0.05, 0.25, 8.5, 1.45, 0.35, 99.995, 0.999, -2.5] ++
    [1.0e17, 1.0e300, -123.456]

Recorder.write("float_format", [
  for(f <- floats ++ rounded ++ [1, :a], name <- [:float_to_binary, :float_to_list], do: Recorder.erlang(:erlang, name, [f])),
  for(f <- floats ++ rounded, o <- sample.(float_options, 12), do: Recorder.erlang(:erlang, :float_to_binary, [f, o]))
])

big = 123_456_789_012_345_678_901_234_567_890
numbers = [0, 1, -1, 7, -7, 2.5, -2.5, 0.0, -0.0, 1.0e20, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808] ++
    [big, -big, 4_611_686_018_427_387_904, 9_007_199_254_740_993, 1.0e308, :a]
integers = [0, 1, -1, 7, -7, 63, 64, 255, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808, big, -big, 1.0, :a]
small = [0, 1, -1, 3, 64, 65, 200, -64, -65, -200, 1.0, :a]
values =
  [0, 1, -1, 2, 3, 1.0, big, :a, nil, true, "", "abc", <<5::3>>, <<1, 2, 5::3>>, [], [1, 2, 3], [1 | 2], 'abc', {}, {1}] ++
    [{1, 2, 3}, %{}, %{1 => 2}, %{a: 1}, &Enum.map/2, self(), [{1, 2}, {:a, 3}], "héllo", [1, [2, ["ab", <<3>>]] | "z"]]
few = [0, 1, 2, 4, -1, 1.0, :a, "abc", [], [1, 2, 3], [1 | 2], {1, 2, 3}, %{1 => 2}, <<5::3>>]

arithmetic = [:+, :-, :*, :/, :div, :rem, :band, :bor, :bxor]
Recorder.write("arithmetic", [
  for(name <- arithmetic, do: Recorder.all(:erlang, name, [numbers, numbers], 60)),
  for(name <- [:bsl, :bsr], do: Recorder.all(:erlang, name, [integers, small], 80)),
  for(name <- [:+, :-, :bnot, :abs, :float, :round, :trunc, :floor, :ceil], do: Recorder.all(:erlang, name, [numbers ++ rounded])),
  for(name <- [:==, :"/=", :"=:=", :"=/=", :<, :>, :"=<", :>=, :min, :max], do: Recorder.all(:erlang, name, [numbers, numbers], 30)),
  for(name <- [:==, :<, :min, :max], do: Recorder.all(:erlang, name, [values, values], 60)),
  for(name <- [:and, :or, :xor], do: Recorder.all(:erlang, name, [[true, false, 1], [true, false, :a]])),
  for({base, exponent} <- [{2, 10}, {-3, 3}, {0, 0}, {10, 30}, {1, big}, {-1, 7}, {-1, 8}, {0, 5}, {big, 2}], do: Recorder.call(:rashomon, :integer_pow, [base, exponent], fn -> Integer.pow(base, exponent) end))
])

exact = [0, 1, -1, 0.5, 2.0, 2.5, -2.5, 100, 1.0e10, :a, big, 1000.0]
units = [:second, :millisecond, :microsecond, :nanosecond, 7, 0, :foo]

Recorder.write("time", [Recorder.all(:erlang, :convert_time_unit, [[0, 1500, -1, -1500, big, :a], units, units])])

Recorder.write("math", [
  for(name <- [:sqrt, :floor, :ceil], do: Recorder.all(:math, name, [exact])),
  for(name <- [:fmod], do: Recorder.all(:math, name, [exact, exact])),
  for(name <- ~w(sin cos tan asin acos atan cosh tanh asinh exp log log2 log10 erf)a, do: Recorder.all(:math, name, [exact])),
  for(name <- [:atan2, :pow], do: Recorder.all(:math, name, [exact, exact])),
  Recorder.erlang(:math, :pi, [])
])

one = ~w(is_atom is_boolean is_integer is_float is_number is_list is_tuple is_map is_pid is_port is_reference is_binary
  is_bitstring is_function map_size tuple_size tuple_to_list list_to_tuple hd tl length byte_size bit_size size binary_to_list
  bitstring_to_list list_to_binary list_to_bitstring iolist_to_binary iolist_size not atom_to_binary atom_to_list crc32 adler32)a
two = ~w(is_function is_map_key is_record map_get element append_element delete_element split_binary)a
encodings = [:utf8, :latin1, :unicode, :utf16, 1]
texts = ["", "1", "-1", "+1", "--1", "1.0", "1.5e3", "1.0E+5", "+1.0", "-1.0e-3", "1e5", ".5", "1.", "1.0e400", " 1", "1 ", "ff", "FF", "z9", "1_000"] ++
    ["123456789012345678901234567890", "héllo", <<255>>, :a, 1, "abc", "nil", "Elixir.Enum", String.duplicate("x", 256), <<1::3>>]
lists = Enum.map(Enum.filter(texts, &is_binary/1), &:binary.bin_to_list/1) ++ [[1 | 2], [:a], "a", [-1], [0x10FFFF], [233], :a]
bases = [2, 8, 10, 16, 36, 1, 37, :a]

Recorder.write("erlang", [
  for(name <- one, do: Recorder.all(:erlang, name, [values], 30)),
  for(name <- two, do: Recorder.all(:erlang, name, [few, few], 60)),
  for(name <- [:setelement, :insert_element, :binary_part, :is_record], do: Recorder.all(:erlang, name, [few, few, few], 60)),
  for(name <- [:setelement, :insert_element], do: Recorder.all(:erlang, name, [[0, 1, 2, 3, 4, 5], [{1, 2, 3}, {}], [:x]])),
  Recorder.all(:erlang, :make_tuple, [[0, 1, 3, -1, :a, big], [:x]]),
  Recorder.all(:erlang, :make_tuple, [[0, 3, -1], [:x], [[], [{1, :y}], [{4, :y}], [{1, :y}, {1, :z}], [:a], [{1, 2} | :a], :b]]),
  Recorder.all(:erlang, :binary_part, [["abc", "", 1], [0, 1, 3, 4, -1], [0, 1, 2, 3, -1, -2, -4]], 60),
  Recorder.all(:erlang, :binary_part, [["abc"], [{0, 1}, {3, -3}, {3, 1}, {1, :a}, :a, {1, 2, 3}]]),
  Recorder.all(:erlang, :binary_to_list, [["abc", "", :a], [0, 1, 3, 4], [0, 1, 3, 4, -1]], 60),
  for(name <- [:++, :--], do: Recorder.all(:erlang, name, [[[], [1, 2, 1.0, 1], [1 | 2], :a, [:b, :a]], [[], [1], [1, 1], [1.0], :b, [2 | 3], [:a]]], 60)),
  for(name <- [:atom_to_binary], do: Recorder.all(:erlang, name, [[:a, :é, :日, nil, "a"], encodings])),
  for(name <- [:binary_to_atom, :binary_to_existing_atom], do: Recorder.all(:erlang, name, [texts])),
  for(name <- [:binary_to_atom, :binary_to_existing_atom], do: Recorder.all(:erlang, name, [texts, encodings])),
  for(name <- [:list_to_atom, :list_to_existing_atom, :list_to_integer, :list_to_float], do: Recorder.all(:erlang, name, [lists], 40)),
  for(name <- [:binary_to_integer, :binary_to_float], do: Recorder.all(:erlang, name, [texts], 40)),
  Recorder.all(:erlang, :list_to_integer, [lists, bases]),
  Recorder.all(:erlang, :binary_to_integer, [texts, bases]),
  for(name <- [:integer_to_binary, :integer_to_list], do: Recorder.all(:erlang, name, [integers])),
  for(name <- [:integer_to_binary, :integer_to_list], do: Recorder.all(:erlang, name, [integers, bases])),
  Recorder.all(:erlang, :fun_info, [[&Enum.map/2, 1], [:arity, :module, :name, :env, :type, :foo, 1]]),
  Recorder.all(:erlang, :make_fun, [[:a, 1], [:b, "b"], [0, 255, 256, -1, :a]]),
  for(_ <- 1..60, do: Recorder.erlang(:erlang, :term_to_binary, [Recorder.term(4)]))
])

map = %{1 => :one, 1.0 => :float, a: 1, b: nil}
maps = [%{}, map, %{a: 2, z: 3}, Map.new(1..20, &{&1, &1}), :a, [a: 1]]
keys = [1, 1.0, :a, :zz, "k"]

Recorder.write("maps", [
  for(name <- [:get, :find, :is_key, :remove, :take], do: Recorder.all(:maps, name, [keys, maps], 40)),
  for(name <- [:size, :keys, :values, :to_list], do: Recorder.all(:maps, name, [maps])),
  for(name <- [:put, :update], do: Recorder.all(:maps, name, [keys, [:v], maps], 40)),
  Recorder.all(:maps, :get, [keys, maps, [:default]], 40),
  Recorder.all(:maps, :merge, [maps, maps], 40),
  for(name <- [:with, :without], do: Recorder.all(:maps, name, [[[], [1, :a], [:zz], [1 | 2], :x], maps], 40)),
  Recorder.all(:maps, :from_list, [[[], [a: 1, a: 2], [{1, 2}, {1.0, 3}], [:a], [{1, 2} | :a], [{1, 2, 3}], :x]]),
  Recorder.all(:maps, :from_keys, [[[], [1, 2, 1], :a, [1 | 2]], [:v]]),
  Recorder.erlang(:maps, :new, [])
])

proper = [[], [1], [3, 1, 2], [1, 1.0, 2, 1], [:b, "x", {}, 1.5, nil], 'abc']
lists = proper ++ [[1 | 2], [1, 2 | 3], :a, "abc", 1]
nested = [[], [1, [2, [3, []]], [[]]], :a, [[[[]]]]]
counts = [0, 1, 2, 3, 4, -1]
pairs = [[], [{1, :a}, {1.0, :b}, {2, :c}], [{2, 1}, {1, 2}, {1, 1}], [{1, 2}, :x, {1, 3}], [{1}, {1, 2}], [a: 1, b: 2], [{1, 2, 3}]]

Recorder.write("lists", [
  for(name <- ~w(append concat droplast enumerate flatlength flatten last max min reverse sort usort uniq sum unzip unzip3)a, do: Recorder.all(:lists, name, [lists ++ nested ++ pairs], 40)),
  for(name <- ~w(append subtract zip prefix suffix)a, do: Recorder.all(:lists, name, [lists, lists], 50)),
  for(name <- ~w(merge umerge)a, do: Recorder.all(:lists, name, [[[], [1, 2, 5], [1.0, 3], [:a]], [[], [1, 3], [1, 2], [2.0, :b]]])),
  for(name <- ~w(delete member join)a, do: Recorder.all(:lists, name, [[1, 1.0, 2, :a, {}], lists], 40)),
  for(name <- ~w(nth nthtail split)a, do: Recorder.all(:lists, name, [counts, proper ++ [:a]], 50)),
  for(name <- ~w(reverse flatten)a, do: Recorder.all(:lists, name, [lists ++ nested, [[], [9], :t]], 40)),
  Recorder.all(:lists, :enumerate, [[0, 5, :a], lists]),
  Recorder.all(:lists, :duplicate, [[0, 1, 3, -1, :a], [:x]]),
  Recorder.all(:lists, :sublist, [lists, counts], 50),
  Recorder.all(:lists, :sublist, [proper, counts, counts -- [-1]], 50),
  Recorder.all(:lists, :seq, [[1, 5, 0, :a], [5, 0, 1, -1, 1.0]]),
  Recorder.all(:lists, :seq, [[1, 5, 0], [5, 0, 1, 8], [1, 2, 0, -1, -2, :a]], 60),
  Recorder.all(:lists, :zip3, [lists, lists, lists], 50),
  for(name <- ~w(keyfind keymember keysearch keydelete keytake)a, do: Recorder.all(:lists, name, [[1, 2, 1.0, :a], [1, 2, 0, 3, :a], pairs], 60)),
  for(name <- ~w(keyreplace keystore)a, do: Recorder.all(:lists, name, [[1, 2, :a], [1, 2, 0, :a], pairs, [{:new, 1}, :x]], 60)),
  for(name <- ~w(keysort ukeysort)a, do: Recorder.all(:lists, name, [[1, 2, 3, 0, :a], pairs], 50)),
  Recorder.all(:lists, :keymerge, [[1], [[{1, :a}, {3, :a}], []], [[{1, :b}, {2, :b}], []]])
])

binaries = ["abc", "abcabc", "aXbXc", "XX", <<255, 0, 255>>, :a, "héllo", "aaaa"]
patterns = ["a", "X", "bc", ["b", "bc"], ["X", "c"], "aa", "", [], [""], :a, ["a" | "b"], <<1::1>>, 'a', "é"]
searches = [[], [:global], [:global, :trim], [:global, :trim_all], [:trim], [:foo], [scope: {1, 2}], [:global, {:scope, {3, -2}}], [scope: {1, 100}], :a]

Recorder.write("binary", [
  for(name <- ~w(first last copy bin_to_list list_to_bin longest_common_prefix longest_common_suffix encode_hex decode_hex decode_unsigned)a, do: Recorder.all(:binary, name, [(binaries -- ["héllo"]) ++ ["00fF", "0g", ["abc", "abd"], ["xc", "c"], [], ["a", :b]]], 40)),
  for(name <- ~w(match matches split)a, do: Recorder.all(:binary, name, [binaries, patterns], 80)),
  for(name <- ~w(match matches split)a, do: Recorder.all(:binary, name, [binaries, patterns, searches], 120)),
  Recorder.all(:binary, :replace, [binaries, patterns, ["", "--", :a]], 80),
  Recorder.all(:binary, :replace, [binaries, patterns, ["", "--"], searches ++ [[:global, {:insert_replaced, 1}], [insert_replaced: [0, 2]], [insert_replaced: 3], [insert_replaced: :a]]], 150),
  for(name <- ~w(at copy part)a, do: Recorder.all(:binary, name, [binaries, [0, 1, 2, 6, -1, :a, {0, 1}, {1, -1}, {1, 9}, {1, :a}]], 60)),
  for(name <- ~w(part bin_to_list)a, do: Recorder.all(:binary, name, [binaries, [0, 1, 3, -1, :a], [0, 1, 2, -1, 9, :a]], 60)),
  Recorder.all(:binary, :encode_unsigned, [[0, 1, 255, 256, -1, big, :a, 1.0]]),
  Recorder.all(:binary, :encode_unsigned, [[0, 1, 256, big], [:big, :little, :native, :foo]]),
  Recorder.all(:binary, :decode_unsigned, [["", <<1, 0>>], [:big, :little, :foo]])
])

data =
  ["abc", ["a", "b", [233], ["é"]], <<255>>, "ab" <> <<195>>, ["a", <<195>>], ["a", <<195>>, <<169>>], ["a", 0xD800, "b"]] ++
    [["a", -1], ["a", :b], :a, ["a" | "b"], ["a" | 98], [0x110000], <<1::3>>, [], "", ["a", <<195>>, 97], 'héllo'] ++
    [["x", [[["y", 255]]], <<0xED, 0xA0, 0x80>>, "z"], <<0xF0, 0x9F>>, ["a", [98, <<255>>, 99], "d"], <<0, 97, 0, 233>>] ++
    ["日本", [300], "e\u0301", <<0, 97, 0>>, <<0xD8, 0x3D, 0xDE, 0x00>>, "😀"]

encodings = [:utf8, :latin1, :unicode, :foo, {:utf16, :foo}]

Recorder.write("unicode", [
  for(name <- [:characters_to_binary, :characters_to_list], do: Recorder.all(:unicode, name, [data], 60)),
  for(name <- [:characters_to_binary, :characters_to_list], do: Recorder.all(:unicode, name, [data, encodings], 100)),
  Recorder.all(:unicode, :characters_to_binary, [["abc", ["a", "é", 233], <<255>>, "a" <> <<195>>, "a日b", "", [], :a], encodings, [:utf16, {:utf16, :little} | encodings]], 200),
  Recorder.all(:unicode, :characters_to_binary, [Enum.filter(data, &is_binary/1), [:utf16, {:utf16, :little}], [:utf8]]),
  for(name <- [:characters_to_nfc_binary, :characters_to_nfd_list, :characters_to_nfkc_binary], do: Recorder.all(:unicode, name, [["abc", "e\u0301", ["e", 0x301], <<255>>, "a" <> <<195>>, :a, "ﬁ"]])),
  Recorder.all(:unicode, :characters_to_binary, [[<<0, 0, 0, 97, 0, 1, 0, 0>>, ""], [{:utf32, :big}], encodings]),
  Recorder.all(:unicode, :characters_to_binary, [["aé日", ["a", 233]], [:utf8], [{:utf32, :little}, {:utf32, :big}]])
])

texts =
  ["", "abc", "héllo wörld", "e\u0301a", "a\r\nb", "👨‍👩‍👧‍👦!", "🇩🇪🇫🇷", <<255, "a", 255>>, "  a b  ", "\u00a0a\u2003", "ΣΑΣ ΟΔΥΣΣΕΥΣ"] ++
    ["straße", "ǆabc", "ﬁx", "İstanbul", "iI", "日本語", "a\tb\nc", "\u202fx\u2028y", "ŉx", "ᾳα", "ელ", <<"a ", 255, " b ">>, "각"] ++
    ["a\u200db", "\u0301x", "नि", String.duplicate("a\u0301", 40), "x" <> String.duplicate("\u0301", 50) <> "y", "ΐ", "և"]

ours = fn name, args, run -> Recorder.call(:rashomon, name, args, run) end

Recorder.write("string", [
  for(s <- texts) do
    [
      ours.(:string_length, [s], fn -> String.length(s) end),
      ours.(:string_graphemes, [s], fn -> String.graphemes(s) end),
      ours.(:string_next_grapheme, [s], fn -> String.next_grapheme(s) end),
      for(n <- [0, 1, 3, 100], do: ours.(:string_offset, [s, n], fn -> byte_size(Enum.join(Enum.take(String.graphemes(s), n))) end)),
      for(mode <- [:default, :ascii, :greek, :turkic]) do
        [
          ours.(:string_case, [s, :upcase, mode], fn -> String.upcase(s, mode) end),
          ours.(:string_case, [s, :downcase, mode], fn -> String.downcase(s, mode) end),
          ours.(:string_case, [s, :capitalize, mode], fn -> String.capitalize(s, mode) end)
        ]
      end,
      for(form <- [:nfc, :nfd, :nfkc, :nfkd], do: ours.(:string_normalize, [s, form], fn -> String.normalize(s, form) end)),
      ours.(:string_trim, [s, :both], fn -> String.trim(s) end),
      ours.(:string_trim, [s, :leading], fn -> String.trim_leading(s) end),
      ours.(:string_trim, [s, :trailing], fn -> String.trim_trailing(s) end),
      ours.(:string_split, [s], fn -> String.split(s) end),
      ours.(:string_printable, [s, :infinity], fn -> String.printable?(s) end),
      ours.(:string_printable, [s, 1], fn -> String.printable?(s, 1) end)
    ]
  end
])

# An expression, its options and a text in one: what compiling says, or what running finds.
defmodule Recorder.Regex do
  def all(source, options, text, offset \\ 0) do
    compiled = :re.compile(source, options)
    compiled = if match?({:ok, _}, compiled), do: :ok, else: compiled

    run =
      case :re.run(text, source, options ++ [{:capture, :all, :index}, {:offset, offset}]) do
        {:match, found} -> found
        :nomatch -> nil
      end

    [compiled, run]
  rescue
    ArgumentError -> [:re.compile(source, options) |> then(&if(match?({:ok, _}, &1), do: :ok, else: &1)), :badarg]
  end
end

regexes = [
  {"a(b)?c", [], "xacx"},
  {"(a)|(b)|(c)", [], "b"},
  {"", [], ""},
  {"[", [], ""},
  {"(", [], ""},
  {"a{2,1}", [], ""},
  {"*a", [], ""},
  {"a**", [], ""},
  {"\\", [], ""},
  {"(?<a>", [], ""},
  {"(?<1a>x)", [], ""},
  {"x(?P<n>y)z\\k<n>", [], "xyzy"},
  {"[z-a]", [], ""},
  {"\\p{Foo}", [:unicode], ""},
  {"(?<a>x)(?<a>y)", [], ""},
  {")", [], ""},
  {"\\1", [], ""},
  {"(?:a", [], ""},
  {"[[:foo:]]", [], ""},
  {"\\x{110000}", [:unicode], ""},
  {"(?#", [], ""},
  {"(?z)", [], ""},
  {"a\\Kb", [], "ab"},
  {"^a$", [:multiline], "b\na\nc"},
  {"a.c", [:dotall], "a\nc"},
  {"A", [:caseless], "xa"},
  {"é", [:unicode], "xé"},
  {"\\w+", [:unicode], "é"},
  {"\\w+", [:unicode, :ucp], "é"},
  {"a # c\n b", [:extended], "ab"},
  {"a+", [:ungreedy], "aaa"},
  {"a$", [], "a\n"},
  {"a\\Z", [], "a\n"},
  {"a\\z", [], "a\n"},
  {"\\Aa", [], "ba"},
  {"\\h\\v\\R", [], " \n\r\n"},
  {"(a+)+b", [], "aaaaaaaaaaaaaaaaaaaaaaaaaaaaac"},
  {"(?i)A", [], "a"},
  {"\\d+(?=x)", [], "12x"},
  {"(?<=a)b", [], "ab"},
  {"(?>a+)a", [], "aaa"},
  {"a++a", [], "aaa"},
  {"(?(1)a|b)", [], "b"},
  {"(a)?(?(1)b|c)", [], "ab"},
  {"\\Qa.b\\E", [], "a.b"},
  {"[[:alpha:]]+", [], "ab1"},
  {"\\bfoo\\b", [], "a foo b"},
  {"\\G a", [], " a"},
  {"\\e\\t\\x41\\cA", [], "x"},
  {"a{,3}", [], "a{,3}"},
  {"]", [], "]"},
  {"}", [], "}"},
  {"a{", [], "a{"},
  {"[]a]", [], "]"},
  {"[^]a]", [], "b"},
  {"\\N", [], "a"},
  {"(?s).", [], "\n"},
  {"\\_", [], "_"},
  {"[\\w-]+", [], "a-b"},
  {"[a-\\d]", [], "-"},
  {"(?m)^b", [], "a\nb"},
  {"\\C", [], "a"},
  {"\\X", [:unicode], "é"},
  {"[a&&b]", [], "&"},
  {"[a[b]", [], "["},
  {"[a--b]", [], "-"},
  {"\\/", [], "/"},
  {"\\-", [], "-"},
  {"\\<", [], "<"},
  {"\\y", [], "y"},
  {"\\u0041", [], "A"},
  {"\\pL+", [:unicode], "abc"},
  {<<255>>, [:unicode], "a"},
  {<<255>>, [], <<255>>},
  {".", [], <<255>>},
  {"..", [], "é"},
  {"[é]", [], "é"},
  {"(?<year>\\d{4})-(?<month>\\d\\d)", [], "on 2024-05-06"}, {"\\s+", [], "a \t\n b"}, {"[^\\s,]+", [], " ab,c"}, {"^(\\w+)@(\\w+)\\.com$", [], "joe@site.com\n"},
  {"(?<!a)b", [], "abcb"}, {"x*", [], "aaa"}, {"(a|ab)(c|bcd)(d*)", [], "abcd"}, {"\\S+$", [], "ab cd"}, {"(?i:a)B", [], "AB"}, {"a(?i)b|c", [], "C"},
  {"(\\w)\\1", [], "hello"}, {"(?<q>['\"]).*?\\k<q>", [], "say 'hi' \"x\""}, {"[[:^digit:]]+", [], "12ab"}, {"\\x{e9}", [:unicode], "é"}, {"[a-é]+", [:unicode], "bcé"},
  {"\\p{Lu}", [:unicode], "aÉ"}, {"[\\p{L}]+", [:unicode], "日本x1"}, {"É", [:unicode, :caseless], "é"}, {"\\bé", [:unicode, :ucp], "a é"}, {"\\d{2,3}?", [], "12345"},
  {"a{2}", [], "aaa"}, {"(?:ab)+", [], "ababx"}, {"(?x) a b # c", [], "ab"}, {"$", [:multiline], "a\nb"}, {"\\AB|c\\z", [], "abc"}, {"[.$^]", [], "a$"}, {"\\.", [], "a.b"},
  {"(a)|b", [], "b"}, {"(a)?(b)?c", [], "bc"}, {"\\\\", [], "a\\b"}, {"\\0", [], <<0>>}, {"[\\]]", [], "]"}, {"[\\-a]", [], "-"}, {"[a\\-z]", [], "-"}, {"(?U)a+", [], "aaa"}, {"a|", [], "b"}
]

Recorder.write("regex", [
  for({source, options, text} <- regexes, do: Recorder.call(:rashomon, :regex_all, [source, options, text, 0], fn -> Recorder.Regex.all(source, options, text) end)),
  for({source, options, text} <- Enum.take(regexes, -45), offset <- [1, 2], byte_size(text) > 2, do: Recorder.call(:rashomon, :regex_all, [source, options, text, offset], fn -> Recorder.Regex.all(source, options, text, offset) end))
])

# A segment after some bits: [what, kind, unit, sign, endianness, bits before, value or bitstring, size].
defmodule Recorder.Bits do
  def spec(kind, unit, sign, endianness, size) do
    unit = if unit, do: "-unit(#{unit})", else: ""
    size = if size, do: "-size(s)", else: ""
    sign = if kind == :integer, do: "-#{sign}", else: ""
    endianness = if kind in [:binary, :bitstring, :utf8], do: "", else: "-#{endianness}"
    "#{kind}#{sign}#{endianness}#{size}#{unit}"
  end

  def build(kind, unit, sign, endianness, before, value, size) do
    eval("<<0::size(before), value::#{spec(kind, unit, sign, endianness, size)}>>", before: before, value: value, s: size)
  end

  def match(kind, unit, sign, endianness, before, value, size) do
    code = "case value do <<_::size(before), x::#{spec(kind, unit, sign, endianness, size)}, rest::bitstring>> -> {x, rest}; _ -> nil end"
    eval(code, before: before, value: value, s: size)
  end

  defp eval(code, binding), do: elem(Code.eval_string(code, binding), 0)

  def calls(name, kinds, units, values, sizes) do
    for kind <- kinds, unit <- units, sign <- [:unsigned, :signed], endianness <- [:big, :little], before <- [0, 3], value <- values, size <- sizes,
        sign == :unsigned or kind == :integer,
        endianness == :big or kind in [:integer, :float, :utf16, :utf32] do
      args = [kind, unit, sign, endianness, before, value, size]
      Recorder.call(:bits, name, args, fn -> apply(__MODULE__, name, args) end)
    end
  end
end

parts = [<<>>, <<1, 2, 3, 4, 5, 6, 7, 8, 9, 10>>, <<255, 254, 128, 7, 129, 255, 255, 255, 255>>, "aé日😀", <<0xD8, 0x3D, 0xDE, 0x00, 1>>, <<5::3>>] ++
    [<<0::3, "é">>, <<0x7F, 0xF0, 0::48>>, <<0x3C, 0x00>>, <<63, 248, 0::48, 1>>, <<0, 0, 0xD8, 0>>, <<0, 0, 0, 97>>]

Recorder.write("bits", [
  Enum.take_random(Recorder.Bits.calls(:build, [:integer], [nil], [0, 1, -1, 5, 255, -300, big, -big, 1.0, :a], [nil, 0, 1, 7, 8, 9, 16, 33, 64, 100, -1]), 250),
  Recorder.Bits.calls(:build, [:float], [nil], [1, 1.5, -0.1, 1.0e300, 70000, 65519, 1.0e-7, :a], [nil, 16, 32]) |> Enum.take_random(80),
  Recorder.Bits.calls(:build, [:utf8, :utf16, :utf32], [nil], [97, 233, 0x65E5, 0x1F600, 0xD800, -1, 1.0], [nil]) |> Enum.take_random(60),
  Recorder.Bits.calls(:build, [:binary, :bitstring], [nil], ["abc", <<5::3>>, :a, ""], [0, 1, 3, 4]) |> Enum.take_random(60),
  Recorder.Bits.calls(:build, [:binary, :bitstring], [nil], ["abc", ""], [nil]),
  Recorder.Bits.calls(:build, [:binary], [4, 16], ["abc", "abcd", <<5::3>>], [0, 1, 2, 3]) |> Enum.take_random(30),
  Recorder.Bits.calls(:match, [:integer], [nil], parts, [nil, 0, 1, 7, 8, 9, 13, 16, 24, 32, 33, 56, 57, 64, 65, 72, -1]) |> Enum.take_random(400),
  Recorder.Bits.calls(:match, [:integer], [8, 3], parts, [0, 1, 2, 3]) |> Enum.take_random(60),
  Recorder.Bits.calls(:match, [:float], [nil], parts, [nil, 16, 32, 64]) |> Enum.take_random(100),
  Recorder.Bits.calls(:match, [:utf8, :utf16, :utf32], [nil], parts, [nil]) |> Enum.take_random(100),
  Recorder.Bits.calls(:match, [:binary, :bitstring], [nil], parts, [0, 1, 2, 3, 20, -1]) |> Enum.take_random(120)
])
