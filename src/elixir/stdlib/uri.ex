# Percent-encoding.
defmodule URI do
  import Bitwise

  defstruct scheme: nil,
            path: nil,
            query: nil,
            fragment: nil,
            authority: nil,
            userinfo: nil,
            host: nil,
            port: nil

  def char_reserved?(char) when is_integer(char), do: char in ':/?#[]@!$&\'()*+,;='

  def char_unreserved?(char) when is_integer(char),
    do: char in ?0..?9 or char in ?a..?z or char in ?A..?Z or char in '~_-.'

  def char_unescaped?(char) when is_integer(char), do: char_reserved?(char) or char_unreserved?(char)

  def encode(string, predicate \\ &char_unescaped?/1) when is_binary(string) and is_function(predicate, 1) do
    :erlang.iolist_to_binary(percent(string, predicate))
  end

  defp percent(<<char, rest::binary>>, predicate) do
    if predicate.(char),
      do: [char | percent(rest, predicate)],
      else: [percent_char(char) | percent(rest, predicate)]
  end

  defp percent(<<>>, _predicate), do: []

  defp percent_char(char), do: [?%, hex(bsr(char, 4)), hex(band(char, 15))]

  defp hex(digit) when digit < 10, do: ?0 + digit
  defp hex(digit), do: ?A + digit - 10

  def encode_www_form(string) when is_binary(string), do: :erlang.iolist_to_binary(www(string))

  defp www(<<?\s, rest::binary>>), do: [?+ | www(rest)]

  defp www(<<char, rest::binary>>) do
    if char_unreserved?(char), do: [char | www(rest)], else: [percent_char(char) | www(rest)]
  end

  defp www(<<>>), do: []

  def decode(string) when is_binary(string), do: :erlang.iolist_to_binary(unpercent(string, false))

  def decode_www_form(string) when is_binary(string),
    do: :erlang.iolist_to_binary(unpercent(string, true))

  defp unpercent(<<?+, rest::binary>>, true), do: [?\s | unpercent(rest, true)]

  defp unpercent(<<?%, high, low, rest::binary>>, spaces?) do
    case {value(high), value(low)} do
      {high_value, low_value} when is_integer(high_value) and is_integer(low_value) ->
        [bsl(high_value, 4) + low_value | unpercent(rest, spaces?)]

      _ ->
        [?% | unpercent(<<high, low, rest::binary>>, spaces?)]
    end
  end

  defp unpercent(<<char, rest::binary>>, spaces?), do: [char | unpercent(rest, spaces?)]
  defp unpercent(<<>>, _spaces?), do: []

  defp value(char) when char in ?0..?9, do: char - ?0
  defp value(char) when char in ?A..?F, do: char - ?A + 10
  defp value(char) when char in ?a..?f, do: char - ?a + 10
  defp value(_), do: nil

  def encode_query(enumerable, encoding \\ :www_form) do
    Enum.map_join(enumerable, "&", fn {key, value} ->
      key = to_string(key)
      value = to_string(value)

      case encoding do
        :www_form -> encode_www_form(key) <> "=" <> encode_www_form(value)
        :rfc3986 -> encode(key, &char_unreserved?/1) <> "=" <> encode(value, &char_unreserved?/1)
      end
    end)
  end

  def decode_query(query, map \\ %{}, encoding \\ :www_form) when is_binary(query) do
    for pair <- String.split(query, "&", trim: true), reduce: map do
      acc ->
        {key, value} =
          case String.split(pair, "=", parts: 2) do
            [key, value] -> {key, value}
            [key] -> {key, ""}
          end

        Map.put(acc, decode_part(key, encoding), decode_part(value, encoding))
    end
  end

  defp decode_part(text, :www_form), do: decode_www_form(text)
  defp decode_part(text, :rfc3986), do: decode(text)
end
