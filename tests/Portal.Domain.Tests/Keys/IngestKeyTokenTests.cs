using System.Security.Cryptography;
using System.Text;
using Portal.Domain.Keys;

namespace Portal.Domain.Tests.Keys;

public sealed class IngestKeyTokenTests
{
    [Fact]
    public void A_generated_key_reads_back_with_the_same_hash()
    {
        var key = IngestKeyToken.Generate();

        Assert.True(IngestKeyToken.TryParse(key.Reveal(), out var read));
        Assert.Equal(key.Hash(), read.Hash());
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(key.Reveal())), read.Hash());
        Assert.Equal(IngestKeyToken.Length, key.Reveal().Length);
    }

    [Fact]
    public void The_checksum_is_the_crc_of_zip_so_that_scanners_can_verify_it()
    {
        // zlib.crc32(b"pik_" + b"0" * 43) = 0xca77b517, which is 3hsnyh in base 62
        Assert.True(IngestKeyToken.TryParse("pik_" + new string('0', 43) + "3hsnyh", out _));
    }

    [Fact]
    public void Any_single_wrong_character_is_refused()
    {
        var key = IngestKeyToken.Generate().Reveal();
        for (var i = 0; i < key.Length; i++)
        {
            var wrong = key.ToCharArray();
            wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
            Assert.False(IngestKeyToken.TryParse(wrong, out _), $"position {i}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("pik_")]
    [InlineData("Bearer")]
    [InlineData("pft_00000000000000000000000000000000000000000000000000")]
    [InlineData("pik_ä0000000000000000000000000000000000000000000000000")]
    public void Something_else_is_not_a_key(string text) => Assert.False(IngestKeyToken.TryParse(text, out _));

    [Fact]
    public void White_space_from_copying_is_forgiven()
    {
        var key = IngestKeyToken.Generate();
        Assert.True(IngestKeyToken.TryParse($" {key.Reveal()}\r\n", out _));
    }

    [Fact]
    public void A_key_in_a_log_line_shows_its_prefix_alone()
    {
        var key = IngestKeyToken.Generate();
        Assert.Equal(key.Reveal()[..8] + "…", $"{key}");
    }
}
