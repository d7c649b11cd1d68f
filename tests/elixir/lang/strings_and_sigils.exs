IO.inspect String.split("a,b,c", ",")
IO.inspect String.split(" a b  c ")
IO.inspect String.upcase("héllo")
IO.inspect String.capitalize("hELLO")
IO.inspect String.reverse("abc")
IO.inspect String.length("héllo")
IO.inspect byte_size("héllo")
IO.inspect String.slice("hello", 1..3)
IO.inspect String.slice("hello", 1, 2)
IO.inspect String.at("hello", 1)
IO.inspect String.replace("a-b-c", "-", "+")
IO.inspect String.replace("a1b2", ~r/\d/, fn d -> "<#{d}>" end)
IO.inspect String.pad_leading("1", 3, "0")
IO.inspect String.pad_trailing("1", 3)
IO.inspect String.trim("  a ")
IO.inspect String.trim_leading("xxa", "x")
IO.inspect String.starts_with?("abc", ["x", "a"])
IO.inspect String.contains?("abc", "b")
IO.inspect String.to_charlist("abc")
IO.inspect String.graphemes("héy")
IO.inspect String.codepoints("hé")
IO.inspect String.duplicate("ab", 3)
IO.inspect String.to_integer("12")
IO.inspect String.to_float("1.5")
IO.inspect Integer.parse("12abc")
IO.inspect Float.parse("1.5x")
IO.inspect Integer.to_string(255, 16)
IO.inspect Integer.digits(123)
IO.inspect Integer.undigits([1,2,3])
IO.inspect Float.round(3.14159, 2)
IO.inspect Float.to_string(1.0)
IO.inspect String.jaro_distance("abc", "abd")
IO.inspect String.valid?(<<255>>)
IO.inspect String.next_grapheme("abc")
IO.inspect String.split_at("hello", 2)
IO.inspect String.splitter("a,b", ",") |> Enum.to_list
IO.inspect String.myers_difference("abc", "adc")
IO.inspect Regex.run(~r/(\w)(\w)/, "ab")
IO.inspect Regex.scan(~r/\d+/, "1 22 333")
IO.inspect Regex.named_captures(~r/(?<y>\d+)-(?<m>\d+)/, "2020-10")
IO.inspect Regex.replace(~r/a/, "banana", "o")
IO.inspect Regex.split(~r/,/, "a,b")
IO.inspect ~r/abc/iu
IO.inspect ~w(a b)a
IO.inspect ~s(a "b" #{1})
IO.inspect ~S(a #{1})
IO.inspect ~c(abc)
IO.inspect 'abc' ++ 'def'
IO.inspect [104, 105]
IO.inspect "\u00e9\n\t\\\""
IO.inspect <<1, 2, 3>>
IO.inspect <<1::4, 2::4>>
IO.inspect <<3::3>>
<<a::8, b::binary>> = "hello"
IO.inspect {a, b}
<<x::16-little, _::binary>> = <<1, 2, 3>>
IO.inspect x
<<h::utf8, _::binary>> = "é"
IO.inspect h
IO.inspect <<1.5::float>>
"he" <> rest = "hello"
IO.inspect rest
IO.puts """
heredoc
  indented
"""
IO.inspect ?a
IO.inspect :"foo bar"
IO.inspect :"Foo"
IO.inspect [a: 1, "b c": 2]
IO.inspect %{"a" => 1, b: 2}
IO.inspect %{a: 1, "b c": 2}
IO.puts String.to_existing_atom("ok")
IO.inspect String.bag_distance("a", "b") 
IO.inspect String.equivalent?("a", "a")
