using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace Portal.Gateway.Tests.Tls;

public sealed class CertificateTests : IAsyncLifetime
{
    private const string Host = "abc0001.example.com";

    private readonly string folder = Authority.NewFolder();
    private GatewayHost? running;

    private GatewayHost Gateway => running!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (running is not null) await running.DisposeAsync();
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Files_are_taken_as_certbot_lego_and_a_secret_leave_them_with_the_chain()
    {
        var (certbot, lego, secret) = (Authority.Issue(Host), Authority.Issue("*.lego.example.com"), Authority.Issue("secret.example.com"));
        Authority.WriteAsCertbot(folder, Host, 1, certbot);
        Authority.WriteAsLego(folder, "*.lego.example.com", lego);
        Authority.WriteAsSecret(folder, "secret", secret);
        await StartAsync();

        Assert.Equal(certbot.Serial, await SerialAsync(Host));
        Assert.Equal(lego.Serial, await SerialAsync("any.lego.example.com"));
        Assert.Equal(secret.Serial, await SerialAsync("secret.example.com"));

        var certificates = (await Gateway.StatusAsync()).GetProperty("certificates").EnumerateArray().Select(certificate => certificate.GetProperty("file").GetString()).ToList();
        // The archive's files have no key by their name, and the issuer's none at all.
        Assert.Equal(["certificates/_.lego.example.com.crt", $"live/{Host}/fullchain.pem", "secret/tls.crt"], certificates);
        Assert.Equal(0, (await Gateway.StatusAsync()).GetProperty("refusedCertificates").GetArrayLength());
    }

    [Fact]
    public async Task A_host_gets_the_certificate_with_its_own_name_before_a_wildcard_and_unknown_hosts_get_none()
    {
        var (wildcard, exact) = (Authority.Issue("*.example.com", "example.com"), Authority.Issue(Host));
        Authority.WriteAsLego(folder, "*.example.com", wildcard);
        Authority.WriteAsLego(folder, Host, exact);
        await StartAsync();

        Assert.Equal(exact.Serial, await SerialAsync(Host));
        Assert.Equal(exact.Serial, await SerialAsync("ABC0001.Example.COM"));
        Assert.Equal(wildcard.Serial, await SerialAsync("xyz0002.example.com"));
        Assert.Equal(wildcard.Serial, await SerialAsync("example.com"));
        // A wildcard stands for one label.
        Assert.Null(await SerialAsync("a.b.example.com"));
        Assert.Null(await SerialAsync("example.org"));
        // A client that names no host, as scanners of addresses don't, is shown nobody's name.
        Assert.Null(await SerialAsync(""));
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart()
    {
        var old = Authority.Issue(Host);
        Authority.WriteAsCertbot(folder, Host, 1, old);
        await StartAsync();
        Assert.Equal(old.Serial, await SerialAsync(Host));

        var renewed = Authority.Issue(Host);
        Authority.WriteAsCertbot(folder, Host, 2, renewed);
        await UntilAsync(Host, renewed.Serial);

        var first = Authority.Issue("new.example.com");
        Authority.WriteAsLego(folder, "new.example.com", first);
        await UntilAsync("new.example.com", first.Serial);

        foreach (var file in Directory.GetFiles(Path.Combine(folder, "certificates"))) File.Delete(file);
        await UntilAsync("new.example.com", null);
        Assert.Equal(renewed.Serial, await SerialAsync(Host));
    }

    [Fact]
    public async Task Renewals_under_load_refuse_no_handshake()
    {
        Authority.WriteAsCertbot(folder, Host, 1, Authority.Issue(Host));
        await StartAsync();
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!done.IsCancellationRequested) Assert.NotNull(await SerialAsync(Host));
        }).ToList();

        for (var version = 2; version < 12; version++)
        {
            var renewed = Authority.Issue(Host);
            Authority.WriteAsCertbot(folder, Host, version, renewed);
            await UntilAsync(Host, renewed.Serial);
        }

        await done.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task A_secret_that_is_swapped_elsewhere_is_found_by_looking()
    {
        Authority.WriteAsSecret(folder, "secret", Authority.Issue(Host));
        await StartAsync(("Gateway:PollInterval", "00:00:00.1"));

        var renewed = Authority.Issue(Host);
        Authority.WriteAsSecret(folder, "secret", renewed);

        await UntilAsync(Host, renewed.Serial);
    }

    public static TheoryData<string> BadPairs => ["key of another", "half a file", "expired", "not yet valid", "no name", "no certificate"];

    [Theory]
    [MemberData(nameof(BadPairs))]
    public async Task A_bad_pair_is_refused_with_its_reason_and_the_old_one_stays(string kind)
    {
        var good = Authority.Issue(Host);
        Authority.WriteAsLego(folder, Host, good);
        await StartAsync();

        var now = TimeProvider.System.GetUtcNow();
        var (pair, reason) = kind switch
        {
            "key of another" => (Authority.Issue(Host) with { Key = Authority.Issue(Host).Key }, "does not go with its key"),
            "half a file" => (good with { Certificate = good.Certificate[..200], Chain = "" }, "has no certificate (-----BEGIN CERTIFICATE-----) in it"),
            "expired" => (Authority.Issue(now.AddDays(-90), now.AddDays(-1), Host), "expired at"),
            "not yet valid" => (Authority.Issue(now.AddDays(1), now.AddDays(90), Host), "is not valid before"),
            "no name" => (Authority.Issue(), "is for no host name"),
            _ => (good with { Certificate = "nothing", Chain = "" }, "has no certificate"),
        };
        Authority.WriteAsLego(folder, Host, pair);

        await Eventually.TrueAsync("it is refused", async () => (await Gateway.StatusAsync()).GetProperty("refusedCertificates").GetArrayLength() == 1);
        var refused = (await Gateway.StatusAsync()).GetProperty("refusedCertificates")[0];
        Assert.Equal($"certificates/{Host}.crt", refused.GetProperty("file").GetString());
        Assert.Contains(reason, refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        var line = Assert.Single(Gateway.Log.GetSnapshot(), line => line.Level == LogLevel.Error);
        Assert.Contains("The one that was in use stays", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", line.Message, StringComparison.Ordinal);
        Assert.Equal(good.Serial, await SerialAsync(Host));

        var mended = Authority.Issue(Host);
        Authority.WriteAsLego(folder, Host, mended);
        await UntilAsync(Host, mended.Serial);
        Assert.Equal(0, (await Gateway.StatusAsync()).GetProperty("refusedCertificates").GetArrayLength());
    }

    [Fact]
    public async Task A_folder_that_vanishes_takes_no_host_off_the_air()
    {
        var good = Authority.Issue(Host);
        Authority.WriteAsLego(folder, Host, good);
        await StartAsync(("Gateway:PollInterval", "00:00:00.1"));

        Directory.Move(folder, folder + "-away");
        await Eventually.TrueAsync("it is noticed", async () => (await Gateway.StatusAsync()).GetProperty("refusedCertificates").GetArrayLength() == 1);
        Assert.Equal(good.Serial, await SerialAsync(Host));

        Directory.Move(folder + "-away", folder);
        await Eventually.TrueAsync("it is back", async () => (await Gateway.StatusAsync()).GetProperty("refusedCertificates").GetArrayLength() == 0);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable CA5397, SYSLIB0039 // that it is refused is what is tested
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore CA5397, SYSLIB0039
    public async Task Only_current_versions_of_TLS_are_spoken(SslProtocols protocol, bool spoken)
    {
        var pair = Authority.Issue(Host);
        Authority.WriteAsLego(folder, Host, pair);
        await StartAsync();

        Assert.Equal(spoken ? pair.Serial : null, await TlsClient.SerialAsync(Gateway, Host, protocol));
    }

    private async Task StartAsync(params (string Name, string Value)[] settings) => running = await GatewayHost.StartAsync(
        settings.Append(("Tls:CertificatesPath", folder)).ToDictionary(setting => setting.Item1, setting => setting.Item2));

    private Task<string?> SerialAsync(string host) => TlsClient.SerialAsync(Gateway, host);

    private Task UntilAsync(string host, string? serial) => Eventually.TrueAsync($"{host} has {serial ?? "none"}", async () => await SerialAsync(host) == serial);
}
