using System.Globalization;
using System.Text.Json;
using Fleet.Aggregator.Push;
using Portal.Contracts;
using Portal.Contracts.Fleet;
using Portal.Domain.Decoding;

namespace Fleet.Aggregator.Ledger;

/// <summary>Reads what a stack says that it holds. Either all of it makes sense, or the refusal names the field that doesn't.</summary>
internal static class LedgerRequests
{
    private const int HashDigits = 64;

    /// <param name="today">By our clock, UTC; the stack's may be ahead by a day at most.</param>
    public static (LedgerRequest? Request, PushRefusal? Refusal) Read(ReadOnlySpan<byte> body, DateOnly today)
    {
        LedgerRequest? request;
        try
        {
            request = JsonSerializer.Deserialize(body, LedgerJson.Default.LedgerRequest);
        }
        catch (JsonException error)
        {
            var field = error.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
            var place = $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}";
            return (null, Malformed(field, field is null ? $"The body is not the JSON of a ledger, at {place}." : $"`{field}` can't be read, at {place}."));
        }

        return Check(request, today) is { } refusal ? (null, refusal) : (request, null);
    }

    private static PushRefusal? Check(LedgerRequest? request, DateOnly today) =>
        request switch
        {
            null => Malformed(null, "The body is empty."),
            { ProtocolVersion: not (>= 2 and <= PushProtocol.Current) } => Malformed(
                "protocolVersion",
                $"`protocolVersion` must be 2 to {PushProtocol.Current}: the ledger came with version 2."
            ),
            { Days: null } => Malformed("days", "`days` is missing."),
            _ when request.From >= request.To => Malformed("to", "`to` must be after `from`; it is the first day that is not meant."),
            _ when request.To > today.AddDays(2) => Malformed("to", $"`to` is {Iso(request.To)}, and today is {Iso(today)} (UTC). Is the stack's clock right?"),
            _ when request.Days.Count + (request.Pending?.Count ?? 0) > PushLimits.MaxLedgerDays => Malformed(
                "days",
                $"`days` and `pending` may have {PushLimits.MaxLedgerDays} entries together. Ask about fewer days or serials at a time."
            ),
            _ => CheckDays(request),
        };

    private static PushRefusal? CheckDays(LedgerRequest request)
    {
        var named = new HashSet<(string, DateOnly)>();
        for (var i = 0; i < request.Days.Count; i++)
        {
            var day = request.Days[i];
            if ((CheckKey(request, named, day?.ExternalId, day?.Day ?? default) ?? CheckContent(day!)) is { } found)
            {
                return Malformed($"days[{i}].{found.Field}", $"`days[{i}].{found.Field}` {found.What}");
            }
        }

        for (var i = 0; i < (request.Pending?.Count ?? 0); i++)
        {
            var day = request.Pending![i];
            if (CheckKey(request, named, day?.ExternalId, day?.Day ?? default) is { } found)
            {
                return Malformed($"pending[{i}].{found.Field}", $"`pending[{i}].{found.Field}` {found.What}");
            }
        }

        return null;
    }

    private static (string Field, string What)? CheckContent(LedgerDay day) =>
        day switch
        {
            { Count: < 1 } => ("count", "must be at least 1; days without rows are left out."),
            { Hash: not { Length: HashDigits } } => ("hash", $"must have {HashDigits} digits."),
            _ when !day.Hash.All(char.IsAsciiHexDigit) => ("hash", "must be hexadecimal."),
            _ => null,
        };

    private static (string Field, string What)? CheckKey(LedgerRequest request, HashSet<(string, DateOnly)> named, string? serial, DateOnly day) =>
        !ExternalId.TryNormalize(serial, out var externalId) || externalId != serial ? ("externalId", "is no serial.")
        : day < request.From || day >= request.To ? ("day", "is not within `from` and `to`.")
        : !LedgerScope.Contains(request, serial) ? ("externalId", "is not within `after` and `until`.")
        : !named.Add((serial, day)) ? ("day", "is named twice.")
        : null;

    private static PushRefusal Malformed(string? field, string detail) =>
        new(StatusCodes.Status400BadRequest, ProblemKinds.MalformedBatch, "The ledger can't be read.", detail, Field: field);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
