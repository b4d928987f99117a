using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Portal.AppHost.Operations.Backups;

/// <summary>Gives the logo of a backup back to the API on Kubernetes, whose volume no other pod has.</summary>
internal sealed partial class RestoredLogo(StackHost host, StackBackups backups)
{
    // The API keeps PNGs of 640 by 256 pixels.
    private const int MostBytes = 4 * 1024 * 1024;

    /// <returns>What there is to tell; null: nothing.</returns>
    public async Task<string?> PutAsync(string name, CancellationToken cancel)
    {
        using var packed = new MemoryStream();
        await using (await host.OpenBackupAsync(cancel))
        {
            if (!(await backups.FilesAsync(name, cancel)).Contains($"{name}.data.tar.gz")) return null;
            await backups.CopyOutAsync($"{name}.data.tar.gz", packed, cancel);
        }

        packed.Position = 0;
        await using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        await using var archive = new TarReader(unpacked);
        while (await archive.GetNextEntryAsync(copyData: false, cancel) is { } entry)
        {
            // By its name alone it goes to where logos are: nothing of the archive's own paths is believed.
            if (entry is not { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } content, Length: <= MostBytes } || Logo().Match(entry.Name) is not { Success: true } logo) continue;
            await host.CopyInAsync("api", content, $"/data/branding/{logo.Groups["file"].Value}", cancel);
            return "The logo is back.";
        }

        return null;
    }

    [GeneratedRegex("^(\\./)?branding/(?<file>logo-[0-9a-f]{64}\\.png)$")]
    private static partial Regex Logo();
}
