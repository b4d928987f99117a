namespace Portal.Domain.Decoding;

/// <summary>What stands before a value in rows, from the end of the value before it or the row's start.</summary>
/// <param name="Before">As it was posted: comma, name and colon with whatever space is between, such as <c>, "activePowerKw": </c>.</param>
/// <param name="NameStart">Where the name is in it, without its quotes.</param>
/// <param name="NameLength">Bytes of the name, as posted.</param>
/// <param name="Slot">What the name means to whoever reads the rows.</param>
internal sealed record RowPlace(byte[] Before, int NameStart, int NameLength, int Slot);

/// <summary>The names and order of the properties of one sender's rows, learnt from one row and found again in the next ones.</summary>
internal sealed class RowShape
{
    private const int MaxPlaces = 96; // properties of a row: every quantity, and room for a few others
    private const int MaxLength = 128; // the longest quantity has 26 letters; what is indented farther is read in the general way

    private readonly RowPlace[] places = new RowPlace[MaxPlaces];
    private int count;

    /// <summary>The slot of a place where the same stood before, or null.</summary>
    public int? Has(int place, ReadOnlySpan<byte> before) =>
        place < count && before.SequenceEqual(places[place].Before) ? places[place].Slot : null;

    /// <summary>Keeps a place in the stead of what was there. Those behind it stay: in the next row they may follow again.</summary>
    public void Learn(int place, RowPlace learnt)
    {
        if (place > count || place == MaxPlaces)
        {
            return;
        }

        if (learnt.Before.Length > MaxLength)
        {
            count = place;
            return;
        }

        places[place] = learnt;
        count = Math.Max(count, place + 1);
    }

    /// <summary>The place that the text begins with: the next one, or one behind it where a row leaves some out; null where it is none of them.</summary>
    /// <param name="place">The next one; afterwards the one that was found. The first one can't be left out: it alone has no comma.</param>
    public RowPlace? Find(ReadOnlySpan<byte> text, ref int place)
    {
        for (; place < count; place++)
        {
            if (text.StartsWith(places[place].Before))
            {
                return places[place];
            }

            if (place == 0)
            {
                return null;
            }
        }

        return null;
    }
}
