using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlScalar = YamlDotNet.Core.Events.Scalar;

namespace Portal.Api.Rates.Files;

/// <summary>
/// Reads YAML, of which JSON is a part, into nodes that know their line. Only what tariffs need: one document of maps, lists and texts. Anchors,
/// aliases and tags are refused, so that a small file can't unfold into a large one, and depth and size are bounded.
/// </summary>
internal static class FileTree
{
    private const int MaxDepth = 20; // a window of a clock is at depth 8
    private const int MaxNodes = 50_000;

    /// <returns>Null where it can't be read, with the one fault that stopped it.</returns>
    public static FileNode? Read(string text, FileFaults faults)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                faults.AddAt(1, "file", "Is empty. Send a tariff as YAML or JSON.");
                return null;
            }

            parser.Consume<DocumentStart>();
            var nodes = 0;
            var root = Node(parser, 0, ref nodes);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out var next)) throw new UnreadableFileException(Line(next ?? parser.Current), "Holds a second document. Send one tariff a file.");
            return root;
        }
        catch (YamlException fault)
        {
            faults.AddAt((int)Math.Max(1, fault.Start.Line), "file", $"Is no YAML: {Sentence(fault.Message)}");
        }
        catch (UnreadableFileException fault)
        {
            faults.AddAt(fault.Line, "file", fault.Message);
        }

        return null;
    }

    private static FileNode Node(Parser parser, int depth, ref int nodes)
    {
        var line = Line(parser.Current);
        if (depth > MaxDepth) throw new UnreadableFileException(line, $"Is nested more than {MaxDepth} deep.");
        if (++nodes > MaxNodes) throw new UnreadableFileException(line, $"Has more than {MaxNodes} values.");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias or NodeEvent { Tag.IsEmpty: false })
            throw new UnreadableFileException(line, "Anchors, aliases and tags are not taken. Write the value out.");

        if (parser.TryConsume<YamlScalar>(out var scalar)) return new FileText(line, scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any));
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new FileList(line, []);
            while (!parser.TryConsume<SequenceEnd>(out _)) list.Items.Add(Node(parser, depth + 1, ref nodes));
            return list;
        }

        parser.Consume<MappingStart>();
        var map = new FileMap(line, new Dictionary<string, FileNode>(StringComparer.Ordinal));
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(parser, depth + 1, ref nodes) is not FileText name) throw new UnreadableFileException(Line(parser.Current), "A name must be a text.");
            if (!map.Fields.TryAdd(name.Value, Node(parser, depth + 1, ref nodes))) throw new UnreadableFileException(name.Line, $"Says '{name.Value}' twice.");
        }

        return map;
    }

    private static int Line(ParsingEvent? at) => (int)Math.Max(1, at?.Start.Line ?? 1);

    private static string Sentence(string message) => message.TrimEnd('.') + ".";

    private sealed class UnreadableFileException(int line, string message) : Exception(message)
    {
        public int Line => line;
    }
}
