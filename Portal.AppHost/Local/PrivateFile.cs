using System.Text;

namespace Portal.AppHost.Local;

/// <summary>Files that nobody else on the machine may read.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file of mode 0600, in one step: a reader sees the old content or the new.</summary>
    public static async Task WriteAsync(string path, string content, CancellationToken cancel)
    {
        var next = $"{path}.{Environment.ProcessId}.new";
        File.Delete(next);
        await using (var file = new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            await file.WriteAsync(Encoding.UTF8.GetBytes(content), cancel);
        File.Move(next, path, overwrite: true);
    }
}
