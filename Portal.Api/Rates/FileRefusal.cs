using Microsoft.AspNetCore.Http.HttpResults;
using Portal.Api.Rates.Files;
using Portal.Contracts;
using Portal.Domain.Texts;
using Portal.ServiceDefaults;

namespace Portal.Api.Rates;

internal static class FileRefusal
{
    /// <summary>400 with every fault of a file: by path in <c>errors</c>, as for other bodies, and in the order of its lines in <c>faults</c>.</summary>
    public static ProblemHttpResult Of(FileFaults faults) => TypedResults.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        type: Problems.Type(ProblemKinds.InvalidRequest),
        title: $"The file has {Counted.Of(faults.All.Count, "fault")}.",
        detail: "Nothing was stored. Correct the file and send it again.",
        extensions: new Dictionary<string, object?>
        {
            ["errors"] = faults.All.GroupBy(fault => fault.Path).ToDictionary(group => group.Key, group => group.Select(fault => $"Line {fault.Line}: {fault.Message}").ToArray()),
            ["faults"] = faults.All,
        });
}
