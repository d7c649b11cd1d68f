# Base 16, 32 and 64 encodings of binaries.

defmodule Base do
  @upper16 "0123456789ABCDEF"
  @lower16 "0123456789abcdef"
  @base32 "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
  @lower32 "abcdefghijklmnopqrstuvwxyz234567"
  @hex32 "0123456789ABCDEFGHIJKLMNOPQRSTUV"
  @lower_hex32 "0123456789abcdefghijklmnopqrstuv"
  @base64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  @url64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

  # -- encoding --------------------------------------------------------------------------------------

  def encode16(data, opts \\ []) when is_binary(data) do
    alphabet = by_case(Keyword.get(opts, :case, :upper), @upper16, @lower16)
    :erlang.list_to_binary(chars(data, 4, alphabet))
  end

  def encode32(data, opts \\ []) when is_binary(data),
    do: encode(data, 5, 8, by_case(Keyword.get(opts, :case, :upper), @base32, @lower32), opts)

  def hex_encode32(data, opts \\ []) when is_binary(data),
    do: encode(data, 5, 8, by_case(Keyword.get(opts, :case, :upper), @hex32, @lower_hex32), opts)

  def encode64(data, opts \\ []) when is_binary(data), do: encode(data, 6, 4, @base64, opts)

  def url_encode64(data, opts \\ []) when is_binary(data), do: encode(data, 6, 4, @url64, opts)

  defp by_case(letter_case, upper, lower) do
    case letter_case do
      :upper -> upper
      :lower -> lower
    end
  end

  defp encode(data, bits, group, alphabet, opts) do
    chars = chars(data, bits, alphabet)

    case rem(length(chars), group) do
      0 ->
        :erlang.list_to_binary(chars)

      n ->
        if Keyword.get(opts, :padding, true),
          do: :erlang.list_to_binary([chars | :lists.duplicate(group - n, ?=)]),
          else: :erlang.list_to_binary(chars)
    end
  end

  # The alphabet is complete but for the last, shorter group of bits, which is filled up with zeros.
  defp chars(data, bits, alphabet) do
    case data do
      <<n::size(bits), rest::bitstring>> -> [:binary.at(alphabet, n) | chars(rest, bits, alphabet)]
      <<>> -> []
      rest -> [last_char(rest, bits - bit_size(rest), alphabet)]
    end
  end

  defp last_char(rest, missing, alphabet) do
    size = bit_size(rest)
    <<n::size(size)>> = rest
    :binary.at(alphabet, :erlang.bsl(n, missing))
  end

  # -- decoding --------------------------------------------------------------------------------------

  def decode16(string, opts \\ []), do: safely(fn -> decode16!(string, opts) end)

  def decode16!(string, opts \\ []) when is_binary(string) do
    if rem(byte_size(string), 2) != 0 do
      raise ArgumentError,
            "string given to decode has wrong length. An even number of bytes was expected, got: " <>
              "#{byte_size(string)}. Double check your string for unwanted characters or pad it accordingly"
    end

    bytes(string, 4, :base16, Keyword.get(opts, :case, :upper))
  end

  def decode32(string, opts \\ []), do: safely(fn -> decode32!(string, opts) end)
  def decode32!(string, opts \\ []) when is_binary(string), do: decode(string, 5, 8, :base32, opts)

  def hex_decode32(string, opts \\ []), do: safely(fn -> hex_decode32!(string, opts) end)
  def hex_decode32!(string, opts \\ []) when is_binary(string), do: decode(string, 5, 8, :hex, opts)

  def decode64(string, opts \\ []) when is_binary(string), do: safely(fn -> decode64!(string, opts) end)
  def decode64!(string, opts \\ []) when is_binary(string), do: decode(string, 6, 4, :base64, opts)

  def url_decode64(string, opts \\ []) when is_binary(string),
    do: safely(fn -> url_decode64!(string, opts) end)

  def url_decode64!(string, opts \\ []) when is_binary(string), do: decode(string, 6, 4, :url64, opts)

  defp safely(fun) do
    {:ok, fun.()}
  rescue
    ArgumentError -> :error
  end

  defp decode(string, bits, group, alphabet, opts) do
    string = if Keyword.get(opts, :ignore) == :whitespace, do: no_whitespace(string), else: string
    letters = without_padding(string, byte_size(string))
    result = bytes(letters, bits, alphabet, Keyword.get(opts, :case, :upper))
    rest = rem(byte_size(letters), group)
    padding = byte_size(string) - byte_size(letters)

    cond do
      padding > 0 and rem(rest + padding, group) != 0 ->
        raise ArgumentError, "incorrect padding"

      # so many letters would leave a whole letter unused
      padding > 0 and (rest == 0 or padding >= group or rem(rest * bits, 8) >= bits) ->
        unknown(?=)

      padding > 0 or rest == 0 ->
        result

      Keyword.get(opts, :padding, true) or rem(rest * bits, 8) >= bits ->
        raise ArgumentError, "incorrect padding"

      true ->
        result
    end
  end

  defp no_whitespace(string), do: :binary.replace(string, ["\s", "\t", "\r", "\n"], "", [:global])

  defp without_padding(string, size) do
    if size > 0 and :binary.at(string, size - 1) == ?=,
      do: without_padding(string, size - 1),
      else: :binary.part(string, 0, size)
  end

  defp bytes(string, bits, alphabet, letter_case),
    do: :erlang.list_to_binary(bytes(string, bits, alphabet, letter_case, 0, 0))

  # acc: the bits read and not yet written, size: their number.
  defp bytes(<<char, rest::binary>>, bits, alphabet, letter_case, acc, size) do
    acc = :erlang.bsl(acc, bits) + value(alphabet, char, letter_case)
    size = size + bits

    if size >= 8 do
      size = size - 8
      byte = :erlang.bsr(acc, size)
      [byte | bytes(rest, bits, alphabet, letter_case, acc - :erlang.bsl(byte, size), size)]
    else
      bytes(rest, bits, alphabet, letter_case, acc, size)
    end
  end

  defp bytes(<<>>, _bits, _alphabet, _letter_case, _acc, _size), do: []

  defp value(:base64, ?+, _), do: 62
  defp value(:base64, ?/, _), do: 63
  defp value(:url64, ?-, _), do: 62
  defp value(:url64, ?_, _), do: 63

  defp value(alphabet, char, _) when alphabet in [:base64, :url64] do
    cond do
      char in ?A..?Z -> char - ?A
      char in ?a..?z -> char - ?a + 26
      char in ?0..?9 -> char - ?0 + 52
      true -> unknown(char)
    end
  end

  defp value(:base32, char, _) when char in ?2..?7, do: char - ?2 + 26
  defp value(:base32, char, letter_case), do: letter(char, letter_case, ?Z, ?z)
  defp value(base, char, _) when base in [:base16, :hex] and char in ?0..?9, do: char - ?0
  defp value(:base16, char, letter_case), do: letter(char, letter_case, ?F, ?f) + 10
  defp value(:hex, char, letter_case), do: letter(char, letter_case, ?V, ?v) + 10

  defp letter(char, letter_case, last, _)
       when letter_case in [:upper, :mixed] and char >= ?A and char <= last,
       do: char - ?A

  defp letter(char, letter_case, _, last)
       when letter_case in [:lower, :mixed] and char >= ?a and char <= last,
       do: char - ?a

  defp letter(char, _, _, _), do: unknown(char)

  defp unknown(char) do
    raise ArgumentError,
          "non-alphabet character found: #{inspect(<<char>>, binaries: :as_strings)} (byte #{char})"
  end
end
