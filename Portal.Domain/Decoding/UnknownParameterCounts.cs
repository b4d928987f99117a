using System.Runtime.InteropServices;

namespace Portal.Domain.Decoding;

/// <summary>Counts the parameters of a post that have no column, at most <see cref="DecodedPost.MaxUnknownParameters"/> told apart.</summary>
internal sealed class UnknownParameterCounts
{
    private readonly Dictionary<(string ExternalId, string Name), long> counts = [];

    public void Count(string externalId, ReadOnlySpan<byte> name, long values = 1)
    {
        var key = (externalId, ExternalId.Display(name));
        if (counts.Count >= DecodedPost.MaxUnknownParameters && !counts.ContainsKey(key))
        {
            key = ("", UnknownParameter.Rest);
        }

        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += values;
    }

    public IReadOnlyList<UnknownParameter> ToList() =>
        [.. counts.Select(pair => new UnknownParameter(pair.Key.ExternalId, pair.Key.Name, pair.Value))];
}
