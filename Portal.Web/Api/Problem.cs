using System.Net.Http.Json;
using System.Text.Json;

namespace Portal.Web.Api;

/// <summary>A problem document (RFC 9457) of a service.</summary>
/// <param name="Kind">One of <see cref="Contracts.ProblemKinds"/>, or the kind of its status; empty where there was no document.</param>
/// <param name="Title">One sentence.</param>
/// <param name="Detail">What to do next; empty where the title says it all.</param>
/// <param name="Errors">What is wrong with which field, by its name on the wire.</param>
public sealed record Problem(string Kind, string Title, string Detail, IReadOnlyDictionary<string, IReadOnlyList<string>> Errors)
{
    public static Problem None { get; } = new("", "", "", new Dictionary<string, IReadOnlyList<string>>());

    public static async Task<Problem> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<Document>(cancellationToken) is { } document
                ? new Problem(
                    document.Type?.Split('/')[^1] ?? "", document.Title ?? "", document.Detail ?? "",
                    document.Errors?.ToDictionary(error => error.Key, error => (IReadOnlyList<string>)error.Value) ?? None.Errors)
                : None;
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return None; // no problem document: the status alone speaks
        }
    }

    private sealed record Document(string? Type, string? Title, string? Detail, Dictionary<string, string[]>? Errors);
}
