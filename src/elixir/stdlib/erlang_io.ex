# Erlang's formatted output: `io` writes, `io_lib` makes the text, in the syntax of Erlang's terms.
defmodule :io do
  def format(format), do: fwrite_to(:stdio, format, [], [format])
  def format(format, args), do: fwrite_to(:stdio, format, args, [format, args])
  def format(device, format, args), do: fwrite_to(device, format, args, [device, format, args])
  def fwrite(format), do: fwrite_to(:stdio, format, [], [format])
  def fwrite(format, args), do: fwrite_to(:stdio, format, args, [format, args])
  def fwrite(device, format, args), do: fwrite_to(device, format, args, [device, format, args])

  defp fwrite_to(device, format, args, given) do
    case :io_lib.build(format, args) do
      {:ok, text} -> IO.put_chars(device(device), text)
      {:error, _} -> :erlang.error(:badarg, given)
    end
  end

  # What is wrong with the arguments of a call that failed.
  def explain([format]), do: explain([format, []])
  def explain([_device, format, args]), do: explain_format(format, args, 1)
  def explain([format, args]), do: explain_format(format, args, 0)
  def explain(_), do: nil

  defp explain_format(format, args, shift) do
    case :io_lib.build(format, args) do
      {:ok, _} -> nil
      {:error, {:element, index, type}} -> argument(2 + shift, "element #{index} must be of type #{type}")
      {:error, :not_a_list} -> argument(2 + shift, "not a list")
      {:error, :bad_format} -> argument(1 + shift, "not a valid format string")
      {:error, :wrong_number} -> argument(1 + shift, "wrong number of arguments")
    end
  end

  @ordinals %{1 => "1st", 2 => "2nd", 3 => "3rd"}
  defp argument(position, text) do
    "errors were found at the given arguments:\n\n  * #{Map.fetch!(@ordinals, position)} argument: #{text}\n"
  end

  def put_chars(chars), do: put_chars(:stdio, chars)
  def put_chars(device, chars), do: IO.put_chars(device(device), chars)
  def put_chars(device, _encoding, chars), do: put_chars(device, chars)

  def nl, do: put_chars(:stdio, "\n")
  def nl(device), do: put_chars(device, "\n")
  def write(term), do: put_chars(:stdio, :io_lib.flat(term, :write))
  def write(device, term), do: put_chars(device, :io_lib.flat(term, :write))

  def get_line(prompt), do: get_line(:stdio, prompt)

  def get_line(device, prompt) do
    case IO.gets(device(device), prompt) do
      line when is_binary(line) -> String.to_charlist(line)
      other -> other
    end
  end

  def columns, do: {:error, :enotsup}
  def columns(_device), do: {:error, :enotsup}
  def rows, do: {:error, :enotsup}
  def rows(_device), do: {:error, :enotsup}
  def setopts(_options), do: :ok
  def setopts(_device, _options), do: :ok
  def getopts, do: [binary: true, encoding: :unicode]
  def printable_range, do: :latin1

  defp device(:user), do: :stdio
  defp device(:standard_io), do: :stdio
  defp device(:standard_error), do: :stderr
  defp device(device), do: device
end

defmodule :io_lib do
  @margin 78

  def format(format, args) do
    case build(format, args) do
      {:ok, text} -> [String.to_charlist(text)]
      {:error, _} -> :erlang.error(:badarg, [format, args])
    end
  end

  def format(format, args, _options), do: format(format, args)
  def fwrite(format, args), do: format(format, args)
  def write(term), do: String.to_charlist(flat(term, :write))
  def write(term, _depth), do: write(term)
  def print(term), do: String.to_charlist(pretty(term, 0, 0, :latin1))
  def nl, do: '\n'
  def chars_length(chars), do: String.length(List.to_string(List.wrap(chars)))

  def write_atom(atom), do: String.to_charlist(atom(atom))
  def write_string(chars), do: String.to_charlist(IO.iodata_to_binary([?", escape(chars, ?"), ?"]))
  def write_char(char), do: String.to_charlist(IO.iodata_to_binary([?$, escape([char], ?")]))
  def char_list(term), do: is_list(term) and Enum.all?(term, &(is_integer(&1) and &1 in 0..0x10FFFF))
  def latin1_char_list(term), do: is_list(term) and Enum.all?(term, &(is_integer(&1) and &1 in 0..255))
  def deep_char_list(term), do: is_list(term) and is_binary(:unicode.characters_to_binary(term))
  def printable_list(term), do: printable?(term)
  def printable_latin1_list(term), do: printable?(term)

  def printable_unicode_list(term),
    do: is_list(term) and Enum.all?(term, &(is_integer(&1) and (printable_char?(&1) or &1 > 255)))

  # The text of a format string with its arguments, or what is wrong with them.
  def build(_format, args) when not is_list(args), do: {:error, :not_a_list}

  def build(format, args) do
    chars =
      cond do
        is_binary(format) -> String.to_charlist(format)
        is_atom(format) -> Atom.to_charlist(format)
        true -> :lists.flatten(format)
      end

    build(chars, args, 1, "")
  end

  defp build([], [], _index, text), do: {:ok, text}
  defp build([], _args, _index, _text), do: {:error, :wrong_number}

  defp build([?~ | chars], args, index, text) do
    with {:ok, spec, chars, args, index} <- spec(chars, args, index) do
      control(spec, chars, args, index, text)
    end
  end

  defp build([char | chars], args, index, text), do: build(chars, args, index, <<text::binary, char::utf8>>)

  # ~F.P.PadModC
  defp spec(chars, args, index) do
    {left?, chars} =
      case chars do
        [?- | rest] -> {true, rest}
        _ -> {false, chars}
      end

    with {:ok, width, chars, args, index} <- number(chars, args, index),
         {:ok, precision, chars, args, index} <- dotted(chars, args, index),
         {:ok, pad, chars, args, index} <- padding(chars, args, index) do
      {modifiers, chars} = Enum.split_while(chars, &(&1 in 'tlK'))
      spec = %{left?: left?, width: width, precision: precision, pad: pad, unicode?: ?t in modifiers}
      {:ok, spec, chars, args, index}
    end
  end

  defp number([?* | chars], [value | args], index) when is_integer(value),
    do: {:ok, value, chars, args, index + 1}

  defp number([?* | _], _args, _index), do: {:error, :wrong_number}

  defp number(chars, args, index) do
    case Enum.split_while(chars, &(&1 in ?0..?9)) do
      {[], _} -> {:ok, nil, chars, args, index}
      {digits, rest} -> {:ok, List.to_integer(digits), rest, args, index}
    end
  end

  defp dotted([?. | chars], args, index), do: number(chars, args, index)
  defp dotted(chars, args, index), do: {:ok, nil, chars, args, index}

  defp padding([?., ?* | chars], [pad | args], index) when is_integer(pad),
    do: {:ok, pad, chars, args, index + 1}

  defp padding([?., pad | chars], args, index), do: {:ok, pad, chars, args, index}
  defp padding(chars, args, index), do: {:ok, ?\s, chars, args, index}

  defp control(_spec, [], _args, _index, _text), do: {:error, :bad_format}

  defp control(_spec, [?~ | chars], args, index, text), do: build(chars, args, index, text <> "~")

  defp control(spec, [?n | chars], args, index, text) do
    build(chars, args, index, text <> String.duplicate("\n", spec.width || 1))
  end

  defp control(_spec, [char | _], [], _index, _text) when char in 'cfegswpWPBbXx#+i',
    do: {:error, :wrong_number}

  defp control(spec, [char | chars], [term, depth | args], index, text)
       when char in 'WP' and is_integer(depth) do
    term = cut(term, depth)
    shown = if char == ?W, do: flat(term, :write), else: pretty(term, column(text), 0, range(spec))
    build(chars, args, index + 2, text <> shown)
  end

  defp control(spec, [char | chars], [value, prefix | args], index, text)
       when char in 'Xx' and is_integer(value) do
    prefix = IO.chardata_to_string(prefix)
    digits = digits(abs(value), spec.precision || 10, char == ?X)
    sign = if value < 0, do: "-", else: ""
    build(chars, args, index + 2, text <> field(sign <> prefix <> digits, spec))
  end

  defp control(_spec, [?i | chars], [_ | args], index, text), do: build(chars, args, index + 1, text)

  defp control(spec, [char | chars], [value | args], index, text) do
    case show(char, value, spec, text) do
      {:error, type} when is_binary(type) -> {:error, {:element, index, type}}
      :error -> {:error, :bad_format}
      shown -> build(chars, args, index + 1, text <> shown)
    end
  end

  defp show(?w, value, spec, _text), do: field(flat(value, :write), spec)
  defp show(?p, value, %{width: nil} = spec, text), do: pretty(value, column(text), 0, range(spec))
  defp show(?p, value, spec, text), do: pretty(value, column(text), @margin + 2 - spec.width, range(spec))

  defp show(?s, value, spec, _text) do
    case string(value, spec.unicode?) do
      :error -> {:error, "string"}
      string -> string |> limited(spec.precision) |> string_field(spec)
    end
  end

  defp show(?c, value, spec, _text) when is_integer(value) and value >= 0 do
    count = spec.precision || spec.width || 1
    field(String.duplicate(<<value::utf8>>, count), spec)
  end

  defp show(?c, _value, _spec, _text), do: {:error, "integer"}

  defp show(char, value, spec, _text) when char in 'Bb' and is_integer(value) do
    sign = if value < 0, do: "-", else: ""
    field(sign <> digits(abs(value), spec.precision || 10, char == ?B), spec)
  end

  defp show(char, value, spec, _text) when char in '#+' and is_integer(value) do
    base = spec.precision || 10
    sign = if value < 0, do: "-", else: ""
    field(sign <> Integer.to_string(base) <> "#" <> digits(abs(value), base, char == ?#), spec)
  end

  defp show(char, _value, _spec, _text) when char in 'Bb#+Xx', do: {:error, "integer"}

  defp show(?f, value, spec, _text) when is_float(value) do
    case spec.precision || 6 do
      precision when precision > 0 -> field(:erlang.float_to_binary(value, decimals: precision), spec)
      _ -> :error
    end
  end

  defp show(?e, value, spec, _text) when is_float(value) do
    case spec.precision || 6 do
      precision when precision > 1 -> field(scientific(value, precision), spec)
      _ -> :error
    end
  end

  defp show(?g, value, spec, _text) when is_float(value) do
    precision = spec.precision || 6
    size = abs(value)

    shown =
      cond do
        size < 0.1 or size >= 10_000.0 -> scientific(value, precision)
        size < 1.0 -> :erlang.float_to_binary(value, decimals: precision)
        size < 10.0 -> :erlang.float_to_binary(value, decimals: precision - 1)
        size < 100.0 -> :erlang.float_to_binary(value, decimals: max(precision - 2, 1))
        size < 1000.0 -> :erlang.float_to_binary(value, decimals: max(precision - 3, 1))
        true -> :erlang.float_to_binary(value, decimals: max(precision - 4, 1))
      end

    field(shown, spec)
  end

  defp show(char, _value, _spec, _text) when char in 'feg', do: {:error, "float"}
  defp show(_char, _value, _spec, _text), do: :error

  defp scientific(value, precision) do
    [mantissa, <<sign, exponent::binary>>] =
      :binary.split(:erlang.float_to_binary(value, scientific: precision - 1), "e")

    mantissa <> "e" <> <<sign>> <> Integer.to_string(String.to_integer(exponent))
  end

  defp digits(value, base, upper?) do
    digits = Integer.to_string(value, base)
    if upper?, do: digits, else: String.downcase(digits)
  end

  defp range(%{unicode?: true}), do: :unicode
  defp range(_), do: :latin1

  defp string(value, _unicode?) when is_atom(value), do: Atom.to_string(value)

  defp string(value, unicode?) when is_binary(value) or is_list(value) do
    # Without ~ts, a binary is a sequence of Latin-1 characters.
    chars = if unicode?, do: value, else: widened(value)

    case :unicode.characters_to_binary(chars) do
      text when is_binary(text) -> text
      _ -> :error
    end
  rescue
    ArgumentError -> :error
  end

  defp string(_value, _unicode?), do: :error

  defp widened(binary) when is_binary(binary), do: :unicode.characters_to_binary(binary, :latin1)
  defp widened([head | tail]), do: [widened(head) | widened(tail)]
  defp widened(other), do: other

  defp limited(text, nil), do: text
  defp limited(text, count), do: text |> String.slice(0, count) |> String.pad_trailing(count)

  defp string_field(text, %{width: nil}), do: text

  defp string_field(text, %{width: width} = spec) do
    if String.length(text) > width, do: String.slice(text, 0, width), else: field(text, spec)
  end

  defp field(text, %{width: nil}), do: text

  defp field(text, %{width: width, pad: pad, left?: left?}) do
    missing = width - String.length(text)

    cond do
      missing < 0 -> String.duplicate("*", width)
      left? -> text <> String.duplicate(<<pad::utf8>>, missing)
      true -> String.duplicate(<<pad::utf8>>, missing) <> text
    end
  end

  defp column(text) do
    case :binary.matches(text, "\n") do
      [] ->
        String.length(text)

      matches ->
        {at, _} = :lists.last(matches)
        String.length(:erlang.binary_part(text, at + 1, byte_size(text) - at - 1))
    end
  end

  defp cut(_term, 0), do: :...
  defp cut(list, depth) when is_list(list) and list != [], do: cut_list(list, depth)

  defp cut(tuple, depth) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> cut_elements(depth - 1) |> List.to_tuple()

  defp cut(term, _depth), do: term

  defp cut_list([], _depth), do: []
  defp cut_list(_list, 1), do: :...
  defp cut_list([head | tail], depth), do: [cut(head, depth - 1) | cut_list(tail, depth - 1)]
  defp cut_list(tail, depth), do: cut(tail, depth)

  defp cut_elements([], _depth), do: []
  defp cut_elements(_elements, 0), do: [:...]
  defp cut_elements([head | tail], depth), do: [cut(head, depth) | cut_elements(tail, depth - 1)]

  # Terms on one line. Strings are shown as such unless with `:write`.

  def flat(term, range), do: IO.iodata_to_binary(chars(term, range))

  defp chars(atom, _range) when is_atom(atom), do: atom(atom)
  defp chars(integer, _range) when is_integer(integer), do: Integer.to_string(integer)
  defp chars(float, _range) when is_float(float), do: float(float)
  defp chars([], _range), do: "[]"

  defp chars(list, range) when is_list(list) do
    if range != :write and printable?(list) do
      [?", escape(list, ?"), ?"]
    else
      [?[, list_chars(list, range), ?]]
    end
  end

  defp chars(tuple, range) when is_tuple(tuple) do
    [?{, tuple |> Tuple.to_list() |> Enum.map(&chars(&1, range)) |> Enum.intersperse(?,), ?}]
  end

  defp chars(map, range) when is_map(map) do
    pairs = for {key, value} <- :maps.to_list(map), do: [chars(key, range), " => ", chars(value, range)]
    ["\#{", Enum.intersperse(pairs, ?,), ?}]
  end

  defp chars("", _range), do: "<<>>"

  defp chars(binary, range) when is_binary(binary) do
    bytes = :binary.bin_to_list(binary)

    cond do
      range == :write ->
        bits(binary)

      range == :unicode and not ascii?(bytes) and String.printable?(binary) ->
        ["<<\"", escape(String.to_charlist(binary), ?"), "\"/utf8>>"]

      printable?(bytes) ->
        ["<<\"", escape(bytes, ?"), "\">>"]

      true ->
        bits(binary)
    end
  end

  defp chars(bitstring, _range) when is_bitstring(bitstring), do: bits(bitstring)

  defp chars(fun, _range) when is_function(fun) do
    case :erlang.fun_info(fun, :type) do
      {:type, :external} ->
        {:module, module} = :erlang.fun_info(fun, :module)
        {:name, name} = :erlang.fun_info(fun, :name)
        {:arity, arity} = :erlang.fun_info(fun, :arity)
        ["fun ", atom(module), ?:, atom(name), ?/, Integer.to_string(arity)]

      _ ->
        "#Function" <> text = Kernel.inspect(fun)
        "#Fun" <> text
    end
  end

  defp chars(other, _range) do
    case Kernel.inspect(other) do
      "#PID" <> text -> text
      "#Reference" <> text -> "#Ref" <> text
      text -> text
    end
  end

  defp list_chars([last], range), do: chars(last, range)

  defp list_chars([head | tail], range) when is_list(tail),
    do: [chars(head, range), ?,, list_chars(tail, range)]

  defp list_chars([head | :...], range), do: [chars(head, range), "|..."]
  defp list_chars([head | tail], range), do: [chars(head, range), ?|, chars(tail, range)]

  defp bits(<<byte>>), do: ["<<", Integer.to_string(byte), ">>"]
  defp bits(bitstring), do: ["<<", bit_parts(bitstring), ">>"]

  defp bit_parts(<<byte>>), do: Integer.to_string(byte)
  defp bit_parts(<<byte, rest::bitstring>>), do: [Integer.to_string(byte), ?,, bit_parts(rest)]

  defp bit_parts(rest) do
    size = bit_size(rest)
    <<value::size(size)>> = rest
    [Integer.to_string(value), ?:, Integer.to_string(size)]
  end

  defp float(float) do
    :erlang.float_to_binary(float, [:short])
  end

  @reserved ~w(after and andalso band begin bnot bor bsl bsr bxor case catch cond div end fun if let not of or orelse receive rem try when xor)a
  defp atom(:...), do: "..."

  defp atom(atom) do
    text = Atom.to_string(atom)

    if plain_atom?(text) and atom not in @reserved do
      text
    else
      IO.iodata_to_binary([?', escape(String.to_charlist(text), ?'), ?'])
    end
  end

  defp plain_atom?(<<first, rest::binary>>) when first in ?a..?z, do: plain_rest?(rest)
  defp plain_atom?(_), do: false

  defp plain_rest?(<<char, rest::binary>>)
       when char in ?a..?z or char in ?A..?Z or char in ?0..?9 or char == ?_ or char == ?@,
       do: plain_rest?(rest)

  defp plain_rest?(rest), do: rest == <<>>

  defp printable?([]), do: true
  defp printable?([char | rest]) when is_integer(char), do: printable_char?(char) and printable?(rest)
  defp printable?(_), do: false

  defp printable_char?(char), do: char in ?\s..?~ or char in 0xA0..0xFF or char in '\n\r\t\v\b\f\e'

  defp ascii?(bytes), do: Enum.all?(bytes, &(&1 < 128))

  defp escape([], _quote), do: []
  defp escape([?\n | rest], quote), do: ["\\n" | escape(rest, quote)]
  defp escape([?\r | rest], quote), do: ["\\r" | escape(rest, quote)]
  defp escape([?\t | rest], quote), do: ["\\t" | escape(rest, quote)]
  defp escape([?\v | rest], quote), do: ["\\v" | escape(rest, quote)]
  defp escape([?\b | rest], quote), do: ["\\b" | escape(rest, quote)]
  defp escape([?\f | rest], quote), do: ["\\f" | escape(rest, quote)]
  defp escape([?\e | rest], quote), do: ["\\e" | escape(rest, quote)]
  defp escape([?\\ | rest], quote), do: ["\\\\" | escape(rest, quote)]
  defp escape([quote | rest], quote), do: [?\\, quote | escape(rest, quote)]

  defp escape([char | rest], quote) when char < 32,
    do: ["\\" <> String.pad_leading(Integer.to_string(char, 8), 3, "0") | escape(rest, quote)]

  defp escape([char | rest], quote), do: [<<char::utf8>> | escape(rest, quote)]

  # Terms on several lines: what does not fit is broken into its elements; simple ones share a line.

  def pretty(term, column, narrower, range),
    do: IO.iodata_to_binary(layout(term, column, 0, @margin - narrower, range))

  defp layout(term, column, tail, width, range) do
    text = flat(term, range)

    if simple?(term) or column + String.length(text) + tail <= width do
      text
    else
      broken(term, column, tail, width, range)
    end
  end

  defp broken(list, column, tail, width, range) when is_list(list) do
    [?[, flow(list, column + 1, column + 1, tail, width, range, ?]), ?]]
  end

  defp broken(tuple, column, tail, width, range) when is_tuple(tuple) do
    case Tuple.to_list(tuple) do
      [tag | [_ | _] = rest] when is_atom(tag) ->
        text = atom(tag)
        at = column + 2 + String.length(text)
        [?{, text, ?,, flow(rest, at, at, tail, width, range, ?}), ?}]

      elements ->
        [?{, flow(elements, column + 1, column + 1, tail, width, range, ?}), ?}]
    end
  end

  defp broken(map, column, tail, width, range) when is_map(map) do
    pairs = for {key, value} <- :maps.to_list(map), do: {:pair, key, value}
    ["\#{", flow(pairs, column + 2, column + 2, tail, width, range, ?}), ?}]
  end

  defp broken(bitstring, column, _tail, width, _range) when is_bitstring(bitstring) do
    parts = bitstring |> bit_parts() |> IO.iodata_to_binary() |> String.split(",")
    ["<<", flow_text(parts, column + 2, column + 2, width), ">>"]
  end

  defp flow_text([last], column, indent, width) do
    if column + byte_size(last) + 2 > width, do: [newline(indent), last], else: last
  end

  defp flow_text([part | parts], column, indent, width) do
    if column + byte_size(part) + 1 > width and column != indent do
      [newline(indent), part, ?, | flow_text(parts, indent + byte_size(part) + 1, indent, width)]
    else
      [part, ?, | flow_text(parts, column + byte_size(part) + 1, indent, width)]
    end
  end

  defp flow([element | elements], column, indent, tail, width, range, close) do
    place(element, elements, column, indent, tail, width, range, close)
  end

  defp place(element, rest, column, indent, tail, width, range, close) do
    after_it = if rest == [], do: tail + 1, else: 1
    text = element_layout(element, column, after_it, width, range) |> IO.iodata_to_binary()
    [text | next(rest, element, text, column, indent, tail, width, range, close)]
  end

  defp next([], _element, _text, _column, _indent, _tail, _width, _range, _close), do: []

  defp next([following | rest], element, text, column, indent, tail, width, range, close) do
    after_it = if rest == [], do: tail + 1, else: 1
    column = end_column(text, column) + 1

    share? =
      simple?(element) and simple?(following) and
        column + String.length(element_flat(following, range)) + after_it <= width

    if share? do
      [?, | place(following, rest, column, indent, tail, width, range, close)]
    else
      [?,, newline(indent) | place(following, rest, indent, indent, tail, width, range, close)]
    end
  end

  defp next(improper, _element, text, column, indent, tail, width, range, _close) do
    [?|, place(improper, [], end_column(text, column) + 1, indent, tail, width, range, ?])]
  end

  defp element_layout({:pair, key, value}, column, tail, width, range) do
    text = element_flat({:pair, key, value}, range)

    if column + String.length(text) + tail <= width do
      text
    else
      head = flat(key, range)
      [head, " =>", newline(column + 4), layout(value, column + 4, tail, width, range)]
    end
  end

  defp element_layout(element, column, tail, width, range), do: layout(element, column, tail, width, range)

  defp element_flat({:pair, key, value}, range), do: flat(key, range) <> " => " <> flat(value, range)
  defp element_flat(element, range), do: flat(element, range)

  defp end_column(text, column) do
    if :binary.match(text, "\n") == :nomatch, do: column + String.length(text), else: column(text)
  end

  defp newline(indent), do: [?\n, String.duplicate(" ", indent)]

  defp simple?({:pair, key, value}), do: simple?(key) and simple?(value)
  defp simple?(list) when is_list(list), do: list == [] or printable?(list)
  defp simple?(tuple) when is_tuple(tuple), do: tuple == {}
  defp simple?(map) when is_map(map), do: map == %{}

  defp simple?(binary) when is_binary(binary),
    do: printable?(:binary.bin_to_list(binary)) or String.printable?(binary)

  defp simple?(_), do: true
end
