using System.CommandLine;
using System.Text;
using MeterSimulator.Fleet;
using MeterSimulator.Posts;

namespace MeterSimulator.Commands;

/// <summary>
/// Prints one post of each form, as lines that can be pasted into a shell, or with <c>--form</c> the body alone, to be piped into curl.
/// </summary>
internal sealed class ShowCommand : Command
{
    private const int StepSeconds = 60;
    private const int Rows = 3; // enough to see what a columnar form does

    public ShowCommand(TimeProvider time)
        : base("show", "Prints one post of each form, ready for curl.")
    {
        var form = new Option<string?>("--form") { Description = "Prints the body of this form alone." };
        form.AcceptOnlyFromAmong("A", "B", "C", "D", "csv");
        var seed = new Option<int>("--seed") { Description = "Which fleet, as for run.", DefaultValueFactory = _ => 1 };
        var portal = new Option<string>("--portal") { Description = "The gateway, for the curl lines.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var host = new Option<string>("--host") { Description = "The stack, for the curl lines.", DefaultValueFactory = _ => "abc0001.localhost" };
        Options.Add(form);
        Options.Add(seed);
        Options.Add(portal);
        Options.Add(host);
        SetAction(parsed =>
        {
            var samples = Samples(parsed.GetValue(seed), time.GetUtcNow());
            var only = parsed.GetValue(form);
            if (only is not null)
            {
                Console.Out.Write(Encoding.UTF8.GetString(PostBody.File(samples.Single(sample => FormName(sample.Form) == only))));
                return;
            }

            Console.Out.Write("# Put an ingest key into INGEST_KEY and paste what you need.\n");
            foreach (var sample in samples) Console.Out.Write("\n" + Curl(sample, $"{parsed.GetValue(portal)}/api/ingest/acuvim", parsed.GetValue(host)!));
        });
    }

    /// <summary>The latest post of each form that the fleet (and the other kind of fleet, for what this one has not) would send.</summary>
    public static List<Post> Samples(int seed, DateTimeOffset now)
    {
        var fleet = FleetPlan.Create(new FleetOptions { Seed = seed, Devices = 8 });
        var samples = new List<Post>();
        foreach (var form in Enum.GetValues<PostForm>())
        {
            var logger = fleet.Loggers.First(logger => logger.Form == form);
            var step = StepSeconds * logger.IntervalMultiple;
            var rows = form is PostForm.C or PostForm.MeterLog ? Rows : 1;
            var last = now.ToUnixTimeSeconds() / step * step;
            samples.Add(new(logger, form, logger.Meters, new(last - ((rows - 1L) * step), rows, step)));
        }

        return samples;
    }

    private static string FormName(PostForm form) => form == PostForm.MeterLog ? "csv" : form.ToString();

    private static string Curl(Post post, string url, string host)
    {
        var file = Encoding.UTF8.GetString(PostBody.File(post));
        var meter = post.Meters[0];
        var multipart = post.Logger.Multipart || post.Form == PostForm.MeterLog;
        var body = multipart
            ? $"-F action=upload -F 'datasource={meter.Serial}/{meter.Model}' -F 'file=@-;type=text/json;filename={PostBody.FileName(post)}'"
            : "-H 'Content-Type: application/json' --data-binary @-";
        return $"""
            # Form {FormName(post.Form)}, {(multipart ? "multipart" : "bare body")}: {string.Join(", ", post.Meters.Select(each => $"{each.Serial} {each.Name}"))}
            curl -sS {url} -H 'Host: {host}' -H "Authorization: Bearer $INGEST_KEY" \
              {body} <<'END'
            {file.TrimEnd('\r', '\n')}
            END

            """;
    }
}
